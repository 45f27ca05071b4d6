-- After a dump was restored into another cluster, whose transactions count from the beginning: lift the offset, so
-- that what is appended from now on stands behind everything in the log. Does nothing in the cluster it knows.
UPDATE core_log_epoch
SET system_identifier = here.system_identifier,
    xid_offset = greatest(
        xid_offset,
        (SELECT coalesce(max(log_xid), 0) FROM core_event) + 1 - pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    )
FROM pg_control_system() AS here
WHERE core_log_epoch.system_identifier <> here.system_identifier
