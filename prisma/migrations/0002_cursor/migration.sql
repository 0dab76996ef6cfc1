-- How far each chat was read, in the platform's own order of messages.
CREATE TABLE "Cursor" (
    "chat" TEXT NOT NULL PRIMARY KEY,
    "position" TEXT NOT NULL
) STRICT;
