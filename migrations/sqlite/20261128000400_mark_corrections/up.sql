-- Whether what is to be told changes a parcel that Amazon has or may have already: then its units, which Amazon shows, say
-- nothing about whether it took the change.

ALTER TABLE shipments ADD COLUMN is_correction BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE shipments SET is_correction = TRUE
WHERE sent_at IS NOT NULL AND picking_id IN (SELECT id FROM pickings WHERE amazon_sync IN ('to_send', 'failed'));
