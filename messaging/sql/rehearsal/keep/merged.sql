-- How many contacts are not compared, because they were found to be one with another.
SELECT count(*) AS merged FROM rehearsal.merged_contacts
