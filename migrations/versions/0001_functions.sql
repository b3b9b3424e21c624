-- What SQLite gets from backend/db/functions.py, for PostgreSQL.

-- Milliseconds UTC of an ISO 8601 date or date-time, or NULL when the text is none. Text without offset is local time
-- in the zone (UTC when there is no such zone): in a gap the first valid instant after it, in an overlap the first one.
CREATE FUNCTION sojourn_instant(value text, zone text) RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  part text[];
  local timestamp;
  utc timestamptz;
  shift interval;
  millis bigint;
BEGIN
  IF value IS NULL THEN RETURN NULL; END IF;
  part := regexp_match(value, '^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d{2}:?\d{2})?)?$');
  IF part IS NULL THEN RETURN NULL; END IF;
  BEGIN
    IF substr(part[1], 1, 4) = '0000' OR substr(part[2], 1, 2) > '23' OR part[3] > '59' THEN RETURN NULL; END IF;
    local := (part[1] || ' ' || coalesce(part[2], '00:00') || ':' || coalesce(part[3], '00'))::timestamp;
  EXCEPTION WHEN others THEN RETURN NULL;
  END;
  millis := coalesce(substr(part[4] || '00', 1, 3), '0')::bigint;
  IF part[5] IS NOT NULL THEN
    IF upper(part[5]) = 'Z' THEN
      shift := interval '0';
    ELSIF substr(part[5], 2, 2) > '23' OR right(part[5], 2) > '59' THEN
      RETURN NULL;
    ELSE
      shift := (substr(part[5], 1, 1) || substr(part[5], 2, 2) || ':' || right(part[5], 2))::interval;
    END IF;
    RETURN extract(epoch FROM (local - shift) AT TIME ZONE 'UTC')::numeric * 1000 + millis;
  END IF;
  BEGIN
    utc := local AT TIME ZONE coalesce(nullif(zone, ''), 'UTC');
  EXCEPTION WHEN others THEN
    zone := 'UTC';
    utc := local AT TIME ZONE zone;
  END;
  IF utc AT TIME ZONE coalesce(nullif(zone, ''), 'UTC') <> local THEN
    -- In a gap: go back to the second at which the clocks were put forward.
    WHILE (utc - interval '1 minute') AT TIME ZONE zone >= local LOOP
      utc := utc - interval '1 minute';
    END LOOP;
    WHILE (utc - interval '1 second') AT TIME ZONE zone >= local LOOP
      utc := utc - interval '1 second';
    END LOOP;
    RETURN extract(epoch FROM utc)::numeric * 1000 + millis;
  END IF;
  FOREACH shift IN ARRAY ARRAY[interval '2 hours', interval '1 hour', interval '30 minutes', interval '20 minutes'] LOOP
    IF (utc - shift) AT TIME ZONE coalesce(nullif(zone, ''), 'UTC') = local THEN
      utc := utc - shift;
      EXIT;
    END IF;
  END LOOP;
  RETURN extract(epoch FROM utc)::numeric * 1000 + millis;
END $$;

-- The second object's keys laid over the first's, one level deep.
CREATE FUNCTION sojourn_merge(base jsonb, over jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT coalesce(base, '{}'::jsonb) || coalesce(over, '{}'::jsonb) $$;
