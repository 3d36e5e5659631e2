-- Written by hand after AOSP's schema: SMS of every type, MMS of every kind, one RCS group, Samsung's blocked messages.
PRAGMA user_version = 67;
CREATE TABLE android_metadata (locale TEXT);
CREATE TABLE canonical_addresses (_id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT);
INSERT INTO canonical_addresses VALUES (1, '+447700900101'), (2, '07700 900102'), (3, 'InfoSMS'), (4, 'group_8@rcs.google.com'), (5, '');
CREATE TABLE threads (_id INTEGER PRIMARY KEY AUTOINCREMENT, date INTEGER, recipient_ids TEXT, archived INTEGER DEFAULT 0);
INSERT INTO threads VALUES (1, 0, '1', 0), (2, 0, '1 2', 0), (3, 0, '3', 1), (4, 0, '4', 0), (5, 0, '5', 0), (6, 0, '2', 0);
CREATE TABLE sms (_id INTEGER PRIMARY KEY AUTOINCREMENT, thread_id INTEGER, address TEXT, person INTEGER, date INTEGER, date_sent INTEGER DEFAULT 0, protocol INTEGER, read INTEGER DEFAULT 0, status INTEGER DEFAULT -1, type INTEGER, reply_path_present INTEGER, subject TEXT, body TEXT, service_center TEXT, locked INTEGER DEFAULT 0, sub_id INTEGER DEFAULT -1, error_code INTEGER DEFAULT 0, creator TEXT, seen INTEGER DEFAULT 0);
INSERT INTO sms (_id, thread_id, address, date, date_sent, type, status, subject, body) VALUES
 (1, 1, '+447700900101', 1709280000000, 1709279998000, 1, -1, NULL, 'Where are you?'),
 (2, 1, '07700 900101', 1709280060000, 0, 2, 0, NULL, 'At work'),
 (3, 1, NULL, 1709280070000, 0, 3, -1, NULL, 'a draft without an address'),
 (4, 1, '07700900101', 1709280080000, 0, 4, -1, NULL, 'in the outbox'),
 (5, 1, '07700900101', 1709280090000, 0, 5, -1, NULL, 'failed'),
 (6, 1, '07700900101', 1709280100000, 0, 6, -1, NULL, 'queued'),
 (7, 1, '07700900101', 1709280110000, 0, 2, 64, NULL, 'the network could not deliver this'),
 (9, 3, 'InfoSMS', 1709280120000, 1709270000000, 1, -1, NULL, 'in an archived conversation, on its way for hours'),
 (10, 1, '+447700900101', 1709280130, 0, 1, -1, NULL, 'a time in seconds'),
 (11, 1, '+447700900101', 0, 0, 1, -1, NULL, 'no time'),
 (12, 5, '', 1709280140000, 0, 1, -1, NULL, 'nobody is named'),
 (13, 1, '+447700900101', 1709280150000, 0, 17, -1, NULL, 'a type that nobody knows'),
 (14, 1, '+447700900101', 1709280160000, 1709280160000, 1, -1, 'Re', 'with a subject'),
 (15, 2, NULL, 1709280170000, 0, 3, -1, NULL, 'a draft to two people'),
 (16, 1, '+447700900101', 1709280180000, 0, 1, -1, NULL, NULL),
 (17, 1, '+447700900101', 1709280190000, 0, 1, -1, NULL, CAST(x'636166e9' AS TEXT)),
 (18, 1, '+447700900101', 1709280200000, 0, 1, -1, NULL, 'after the bad text 🙂');
DELETE FROM sms WHERE _id = 6;
INSERT INTO sms (_id, thread_id, body) VALUES (25, 1, 'deleted');
DELETE FROM sms WHERE _id = 25;
CREATE TABLE pdu (_id INTEGER PRIMARY KEY AUTOINCREMENT, thread_id INTEGER, date INTEGER, date_sent INTEGER DEFAULT 0, msg_box INTEGER, read INTEGER DEFAULT 0, m_id TEXT, sub TEXT, sub_cs INTEGER, ct_t TEXT, m_type INTEGER, tr_id TEXT, text_only INTEGER DEFAULT 0);
INSERT INTO pdu (_id, thread_id, date, date_sent, msg_box, sub, sub_cs, m_type, tr_id) VALUES
 (1, 1, 1709290000, 1709289990, 1, NULL, NULL, 132, 'T1'),
 (2, 1, 1709290060, 0, 2, 'CafÃ©', 106, 128, 'T2'),
 (3, 2, 1709290120, 1709290120, 1, NULL, NULL, 132, 'T3'),
 (4, 2, 1709290180, 0, 2, NULL, NULL, 128, 'T4'),
 (5, 1, 1709290240, 0, 1, 'Photo', 106, 130, 'T5'),
 (6, 1, 1709290300, 0, 1, NULL, NULL, 134, 'T6'),
 (7, 4, 1709290360, 0, 1, NULL, NULL, 132, 'proto:AAAA'),
 (8, 6, 1709290420, 0, 1, NULL, NULL, 132, 'T8'),
 (9, 1, 1709290480000, 0, 5, NULL, NULL, 128, 'T9'),
 (10, NULL, 1709290540, 0, 1, NULL, NULL, 132, 'T10'),
 (11, NULL, 1709290600, 0, 99, NULL, NULL, 132, 'T11');
CREATE TABLE part (_id INTEGER PRIMARY KEY AUTOINCREMENT, mid INTEGER, seq INTEGER DEFAULT 0, ct TEXT, name TEXT, chset INTEGER, cd TEXT, fn TEXT, cid TEXT, cl TEXT, ctt_s INTEGER, ctt_t TEXT, _data TEXT, text TEXT);
INSERT INTO part (_id, mid, seq, ct, name, fn, cl, _data, text) VALUES
 (1, 1, 0, 'image/jpeg', 'IMG_1.jpg', NULL, 'IMG_1.jpg', '/data/parts/PART_1_IMG_1.jpg', NULL),
 (2, 1, -1, 'application/smil', NULL, NULL, 'smil.xml', NULL, '<smil/>'),
 (3, 1, 2, 'text/plain', NULL, NULL, 'text1.txt', NULL, 'second line'),
 (4, 1, 1, 'Text/Plain; charset=utf-8', NULL, NULL, 'text0.txt', NULL, 'first line'),
 (5, 2, 0, 'text/plain', NULL, NULL, NULL, NULL, 'with an accent in the subject'),
 (6, 3, 0, 'text/plain', NULL, NULL, NULL, NULL, 'to the group'),
 (7, 4, 0, 'text/plain', NULL, NULL, NULL, NULL, 'from the owner to the group'),
 (8, 4, 0, 'text/x-vCard', NULL, 'null', NULL, '/data/parts/PART_2', NULL),
 (9, 7, 0, 'text/plain', NULL, NULL, NULL, NULL, 'in an RCS group'),
 (10, 8, 0, 'text/plain', NULL, NULL, NULL, '/data/parts/PART_9.txt', NULL),
 (11, 99, 0, 'text/plain', NULL, NULL, NULL, NULL, 'its message is gone'),
 (12, 10, 0, 'text/plain', NULL, NULL, NULL, NULL, 'two are marked as sender'),
 (13, 11, 0, 'text/html', NULL, NULL, NULL, NULL, '<b>no known box</b>');
CREATE TABLE addr (_id INTEGER PRIMARY KEY, msg_id INTEGER, contact_id INTEGER, address TEXT, type INTEGER, charset INTEGER);
INSERT INTO addr (msg_id, address, type) VALUES
 (1, '+447700900101', 137), (1, '+447700900199', 151),
 (2, 'insert-address-token', 137), (2, '07700900101', 151),
 (3, '07700900102', 137), (3, '+447700900101', 151), (3, '+447700900199', 151),
 (4, 'insert-address-token', 137), (4, '+447700900101', 151), (4, '07700900102', 130),
 (5, '+447700900101', 137), (5, 'insert-address-token', 151),
 (7, '+447700900103', 137), (7, '+447700900199', 151), (7, '+447700900103', 130), (7, '+447700900104', 130),
 (8, '07700 900102', 137), (8, '+447700900199', 151),
 (9, '+447700900199', 137), (9, '+447700900101', 151),
 (10, '+447700900105', 137), (10, '+447700900106', 137), (10, '+447700900199', 137);
CREATE TABLE spam_sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, date INTEGER, date_sent INTEGER, type INTEGER, body TEXT);
INSERT INTO spam_sms VALUES (3, 9, '+447700900150', 1709300000000, 1709299999000, 1, 'blocked by the phone'), (4, 9, '+447700900150', 1709300001000, 0, NULL, 'blocked, without a type');
CREATE TABLE spam_pdu (_id INTEGER PRIMARY KEY, thread_id INTEGER, date INTEGER, date_sent INTEGER, msg_box INTEGER, m_type INTEGER, sub TEXT);
INSERT INTO spam_pdu VALUES (1, 9, 1709300060, 0, 1, 132, NULL);
CREATE TABLE spam_part (_id INTEGER PRIMARY KEY, mid INTEGER, seq INTEGER, ct TEXT, text TEXT);
INSERT INTO spam_part VALUES (1, 1, 0, 'text/plain', 'a blocked picture message');
CREATE TABLE spam_addr (_id INTEGER PRIMARY KEY, msg_id INTEGER, address TEXT, type INTEGER);
INSERT INTO spam_addr VALUES (1, 1, '+447700900150', 137);
