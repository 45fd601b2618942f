"""Other people's tables: files of any French kind become tables of a source set.

```
importing                  one import, from the file to the folder, whole or not at all
request rows               what a person asks for | the rows on their way
receipt tables             what became of each row | the folder that is written
kinds territories links    what a row of each kind of table becomes
session                    what one import knows: the tables there, the actor of a row
actors places codes legal  who is there already | communes by name | code lists | what an actor is
joining                    a second file whose rows complete those of the first
mappings plan columns      mapping files | which column holds what | the names that columns go by
normalise dates            values by name: SIREN, amounts … | dates as people write them
reading totals             a file -> its header and its rows | lines that are no rows of data
delimited sheets records   CSV | spreadsheets | JSON and Parquet
recognise                  what a file is, whatever its name says
texts                      what is said, in French and English
```

Nothing of a table or of a mapping is ever executed.
"""
