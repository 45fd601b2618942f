"""The graph on the web, live and read-only: SPARQL, things by their IRI, questions.

server        binds a port, switches to each new build
app           every request goes through here
sparql        the SPARQL 1.1 Protocol          description   what the endpoint can do
media         what a client prefers            syntax        what a query would do
pool          the workers of one build, from here            connection    one client, bounded
keeper        loads the graph, makes workers of itself       worker    answers, can be killed
answers       what a worker can do                           held      what it has in hand
limits refusals response source
"""
