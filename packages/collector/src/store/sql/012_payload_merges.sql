-- Every merge compresses the content again, which costs more than inserting it did. Content goes by whole days after some of them, so it is merged only
-- as far as keeps the parts of a day few: ten at a time rather than five, and up to 4 GiB rather than 150.
ALTER TABLE payloads MODIFY SETTING merge_selector_base = 10, max_bytes_to_merge_at_max_space_in_pool = 4294967296
