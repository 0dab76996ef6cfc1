-- Everything Backchannel remembers. STRICT, so that no column ever holds a value of another type.
-- Instants are milliseconds since the epoch.

CREATE TABLE "Fact" (
    "task" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "at" INTEGER NOT NULL,
    "by" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "dataHash" TEXT NOT NULL,
    "data" TEXT,
    PRIMARY KEY ("task", "version")
) STRICT;

CREATE TABLE "Blob" (
    "hash" TEXT NOT NULL PRIMARY KEY,
    "data" TEXT NOT NULL
) STRICT;

CREATE TABLE "Delivery" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "at" INTEGER NOT NULL
) STRICT;

CREATE TABLE "Head" (
    "task" TEXT NOT NULL PRIMARY KEY,
    "version" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "agent" TEXT NOT NULL,
    "createdAt" INTEGER NOT NULL,
    "endedAt" INTEGER,
    "changedAt" INTEGER NOT NULL,
    "markRunner" INTEGER NOT NULL,
    "markBot" INTEGER NOT NULL
) STRICT;

CREATE INDEX "Head_status_createdAt_task_idx" ON "Head"("status", "createdAt", "task");
CREATE INDEX "Head_createdAt_task_idx" ON "Head"("createdAt", "task");
CREATE INDEX "Head_label_createdAt_idx" ON "Head"("label", "createdAt");
CREATE INDEX "Head_markRunner_changedAt_idx" ON "Head"("markRunner", "changedAt");
CREATE INDEX "Head_markBot_changedAt_idx" ON "Head"("markBot", "changedAt");

CREATE TABLE "Progress" (
    "task" TEXT NOT NULL PRIMARY KEY,
    "json" TEXT NOT NULL
) STRICT;

CREATE TABLE "Message" (
    "task" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "chat" TEXT,
    "channel" TEXT,
    "id" TEXT,
    "hash" TEXT NOT NULL,
    PRIMARY KEY ("task", "key")
) STRICT;

CREATE INDEX "Message_chat_channel_id_idx" ON "Message"("chat", "channel", "id");

CREATE TABLE "ChatMessage" (
    "id" INTEGER NOT NULL PRIMARY KEY,
    "seq" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "thread" INTEGER,
    "author" TEXT NOT NULL,
    "at" INTEGER NOT NULL,
    "editedAt" INTEGER,
    "content" TEXT NOT NULL,
    "replies" INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX "ChatMessage_seq_key" ON "ChatMessage"("seq");
CREATE UNIQUE INDEX "ChatMessage_key_key" ON "ChatMessage"("key");
CREATE INDEX "ChatMessage_channel_thread_id_idx" ON "ChatMessage"("channel", "thread", "id");
CREATE INDEX "ChatMessage_thread_id_idx" ON "ChatMessage"("thread", "id");
