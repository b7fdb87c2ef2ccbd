-- +goose Up
-- The end of a trial is a renewal to the list of customers too: it was counted on the home page and not found in the list.
UPDATE customers SET next_renewal = (SELECT COALESCE(min(CASE WHEN s.state = 'TRIAL' AND s.trial_end > 0 THEN s.trial_end
      WHEN s.state <> 'TRIAL' AND s.term_end > 0 THEN s.term_end END), 2932896)
    FROM subscriptions s WHERE s.console_id = customers.console_id AND s.customer_id = customers.id AND s.state <> 'CANCELLED')
  WHERE EXISTS (SELECT 1 FROM subscriptions t WHERE t.console_id = customers.console_id AND t.customer_id = customers.id
    AND t.state = 'TRIAL');
