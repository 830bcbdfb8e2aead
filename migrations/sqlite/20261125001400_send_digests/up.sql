-- Who may tell Amazon of deliveries gets an e-mail of those that it refused, unless switched off.
ALTER TABLE users ADD COLUMN gets_digest BOOLEAN NOT NULL DEFAULT true;

-- Since when a refusal stands; of older ones only the delivery's own moment is known.
ALTER TABLE shipments ADD COLUMN refused_at TIMESTAMP;
UPDATE shipments SET refused_at = created_at WHERE refusal_code IS NOT NULL;
CREATE INDEX shipments_refused ON shipments (company_id, refused_at) WHERE refused_at IS NOT NULL;

-- How far each person was told, when the next e-mail may go, and how the last one fared.
CREATE TABLE digests (
    user_id BIGINT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    told_until TIMESTAMP NOT NULL,
    next_at TIMESTAMP NOT NULL,
    attempts BIGINT NOT NULL,
    tried_at TIMESTAMP,
    sent_at TIMESTAMP,
    problem TEXT CHECK (problem IN ('unreachable', 'encryption', 'sign_in', 'busy', 'refused', 'recipient', 'unanswered')),
    answer BIGINT
);
