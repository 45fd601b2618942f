"""The graph on the web, live and read-only: SPARQL, things by their IRI, questions.

server        binds a port, switches to each new build
app           every request goes through here      connection    one client, bounded
request response refusals limits                   routes        which address is answered by whom
sparql        the SPARQL 1.1 Protocol              description   what the endpoint can do
media         what a client prefers                syntax        what a query would do
static        what is the same for everybody       openapi       the API for programs
source        what is served                       exchange      asks a worker, or the cache
pool          the workers of one build             process       one worker, seen from the server
keeper        loads the graph, copies itself       worker        answers, and can be killed
answers       what a worker can do                 held          what it has in hand
questions things construct
"""
