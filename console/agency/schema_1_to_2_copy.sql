INSERT INTO message (id, direction, at_ns, number, sender, identifier, sent, sha256, body, status, answer)
    SELECT id, direction, at_ns, coalesce((SELECT number FROM case_1 WHERE case_1.key = message_1.key), ''), sender,
           identifier, sent, sha256, body, status, answer FROM message_1;
INSERT INTO "case" (number, key, once, message_id, came_ns, stage, changed_ns, reason, unit)
    SELECT number, key, key, message_id, came_ns, stage, changed_ns, reason, unit FROM case_1;
INSERT INTO outbox (id, number, message_id, copies)
    SELECT id, (SELECT number FROM case_1 WHERE case_1.key = outbox_1.key), message_id, copies FROM outbox_1;
DROP TABLE outbox_1;
DROP TABLE case_1;
DROP TABLE message_1;
