-- Keyboard shortcuts of a single key can be switched off by each user (WCAG 2.1.4).
ALTER TABLE users ADD COLUMN has_shortcuts BOOLEAN NOT NULL DEFAULT true;
