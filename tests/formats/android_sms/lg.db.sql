-- An LG phone: the column lgeSiid, and types that mean something else than on other phones.
CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, date INTEGER, date_sent INTEGER, type INTEGER, body TEXT, lgeSiid TEXT);
INSERT INTO sms VALUES
 (1, 1, '+447700900101', 1709280000000, 0, 7, 'blocked number', NULL),
 (2, 1, '+447700900101', 1709280060000, 0, 8, 'scheduled', NULL),
 (3, 2, '#CMAS#', 1709280120000, 0, 19, 'Test of the public alert system', NULL),
 (4, 1, '+447700900101', 1709280180000, 0, 1, 'received', NULL);
