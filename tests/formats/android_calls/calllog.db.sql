-- Written by hand after AOSP's schema: every type of call, every way of not showing a number.
CREATE TABLE calls (_id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT, presentation INTEGER NOT NULL DEFAULT 1, post_dial_digits TEXT NOT NULL DEFAULT '', via_number TEXT NOT NULL DEFAULT '', date INTEGER, duration INTEGER, data_usage INTEGER, type INTEGER, features INTEGER NOT NULL DEFAULT 0, subscription_component_name TEXT, subscription_id TEXT, phone_account_address TEXT, new INTEGER, name TEXT, numbertype INTEGER, numberlabel TEXT, countryiso TEXT, is_read INTEGER, geocoded_location TEXT, transcription TEXT, deleted INTEGER NOT NULL DEFAULT 0, block_reason INTEGER NOT NULL DEFAULT 0, missed_reason INTEGER NOT NULL DEFAULT 0);
INSERT INTO calls (_id, number, presentation, date, duration, type, features, phone_account_address, name, transcription, deleted, block_reason) VALUES
 (101, '+447700900101', 1, 1709280000000, 61, 1, 0, '+447700900199', 'Sam', NULL, 0, 0),
 (102, '+447700900101', 1, 1709280100000, 0, 1, 0, '+447700900199', 'Sam', NULL, 0, 0),
 (103, '07700 900101', 1, 1709280200000, 40, 2, 1, '+447700900199', 'Sam', NULL, 0, 0),
 (104, '07700 900101', 1, 1709280300000, 0, 2, 0, '8944100000000000001', NULL, NULL, 0, 0),
 (105, '+447700900101', 1, 1709280400000, 0, 3, 0, NULL, 'Sam', NULL, 1, 0),
 (106, '+447700900101', 1, 1709280500000, 12, 4, 0, NULL, '', 'Call me back now', 0, 0),
 (107, '+447700900101', 1, 1709280600000, 0, 5, 0, NULL, NULL, NULL, 0, 0),
 (108, '+447700900101', 1, 1709280700000, 0, 6, 0, NULL, NULL, NULL, 0, 3),
 (109, '+447700900101', 1, 1709280800000, 30, 7, 0, NULL, NULL, NULL, 0, 0),
 (110, '', 2, 1709280900000, 0, 3, 0, NULL, 'Private number', NULL, 0, 0),
 (111, '', 3, 1709281000000, 5, 1, 0, NULL, NULL, NULL, 0, 0),
 (112, NULL, 4, 1709281100000, 0, 3, 0, NULL, NULL, NULL, 0, 0),
 (113, '', 5, 1709281200000, 0, 3, 0, NULL, NULL, NULL, 0, 0),
 (114, '-1', 1, 1709281300000, 0, 3, 0, NULL, NULL, NULL, 0, 0),
 (115, '-2', 1, 1709281400000, 0, 3, 0, NULL, NULL, NULL, 0, 0),
 (116, '-3', 1, 1709281500000, 0, 3, 0, NULL, NULL, NULL, 0, 0),
 (117, '', 1, 1709281600000, 0, 3, 0, NULL, NULL, NULL, 0, 0),
 (118, '+447700900102', 2, 1709281700000, 0, 3, 0, NULL, NULL, NULL, 0, 0),
 (120, '+447700900101', 1, 1709281800000, 3, 1000, 0, NULL, NULL, NULL, 0, 0),
 (121, '+447700900101', 1, 0, NULL, 2, 0, NULL, NULL, NULL, 0, 0);
