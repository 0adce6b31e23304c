-- Rooms are kept for another time than other channels: each class has its own mark. What was pruned so far was pruned
-- of both.
ALTER TABLE cursor ADD COLUMN rooms_pruned_seq INTEGER NOT NULL DEFAULT 0;
UPDATE cursor SET rooms_pruned_seq = pruned_seq;

-- 0: realtime channels, 1: rooms. (A room has a name before the suffix.)
ALTER TABLE timeline ADD COLUMN retention INTEGER NOT NULL DEFAULT 0;
UPDATE timeline SET retention = 1 WHERE length(name) > 7 AND substr(name, -7) = '::$chat';
