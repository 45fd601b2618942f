"""How long building, asking and drawing take, beside other libraries on the same work.

`make bench` prints it. The tables are the real ones and generated ones; results are compared, and a
difference is an error, while no time ever is.
"""
