-- A block's part of content is about 20 MB. Merged when there are about twenty of them rather than ten, a row is compressed again once, not twice,
-- until its part is as large as merges make it.
ALTER TABLE payloads MODIFY SETTING merge_selector_base = 30
