-- From user_version 1: a case was named by its key, a message belonged to a key.
ALTER TABLE message RENAME TO message_1;
ALTER TABLE "case" RENAME TO case_1;
ALTER TABLE outbox RENAME TO outbox_1;
DROP INDEX message_name;
DROP INDEX message_key;
DROP INDEX case_open;
