-- +goose Up
-- What a search for a part of a name or of a domain finds customers by: what begins at each character of them, eight
-- characters long. So a part of up to eight characters is a range of terms, and a longer one begins like a term.
CREATE TABLE customer_terms (
  console_id text COLLATE "C" NOT NULL,
  term text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (console_id, term, customer_id)
);
INSERT INTO customer_terms (console_id, term, customer_id)
  WITH RECURSIVE rest (console_id, customer_id, text) AS (
    SELECT console_id, id, search_text FROM customers
    UNION ALL SELECT console_id, customer_id, substr(text, 2) FROM rest WHERE length(text) > 1
  ) SELECT DISTINCT console_id, substr(text, 1, 8), customer_id FROM rest WHERE substr(text, 1, 1) NOT IN ('', ' ');
