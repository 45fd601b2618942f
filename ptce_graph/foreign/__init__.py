"""Other people's tables: files of any French kind become tables of a source set.

```
importing                  one import, from the file to the folder, whole or not at all
receipt tables             what became of each row | the folder that is written
kinds                      what a row of each kind of table becomes
actors places              who is there already, and who might be the same | communes by name
joining                    a second file whose rows complete those of the first
plan columns               which column holds what | the names that columns go by
normalise dates            values by name: SIREN, amounts … | dates as people write them
reading                    a file -> its header and its rows
delimited sheets records   CSV | spreadsheets | JSON and Parquet
recognise                  what a file is, whatever its name says
texts                      what is said, in French and English
```

Nothing of a table or of a mapping is ever executed.
"""
