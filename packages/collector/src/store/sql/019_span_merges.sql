-- Merging a row of spans, with its forty columns, costs as much as inserting it did. Merged at about sixteen parts rather than six, a row is merged two
-- or three times where it was four.
ALTER TABLE spans MODIFY SETTING merge_selector_base = 20
