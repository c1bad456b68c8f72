/**
 * The history of the schema, one step a version. A step that was released is never edited: a ledger that took it is out
 * there. Unqualified names: the session's search path is the ledger's schema.
 */
export const migrations: readonly string[] = [
  `
CREATE TABLE ledger (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  version integer NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE ledger IS 'One row: which ledger this is, and the version of its schema.';

CREATE TABLE requests (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  provider text NOT NULL,
  project text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  scene text,
  shot text NOT NULL,
  variant text,
  take integer NOT NULL,
  model text NOT NULL,
  mode text NOT NULL,
  body json NOT NULL,
  version integer NOT NULL DEFAULT 0,
  UNIQUE (provider, project, key, fingerprint)
);
COMMENT ON TABLE requests IS 'What one billed call would send: one shot, one variant, one take.';
COMMENT ON COLUMN requests.version IS 'Rises with whatever bears on its claims, but for its own claims and answers.';
CREATE INDEX requests_of_fingerprint ON requests (provider, fingerprint);
CREATE INDEX requests_of_project ON requests (project, id);

CREATE TABLE events (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  request bigint NOT NULL REFERENCES requests,
  origin bigint NOT NULL REFERENCES requests,
  at text NOT NULL,
  type text NOT NULL,
  id text,
  here boolean NOT NULL,
  project text NOT NULL,
  key text NOT NULL,
  run text,
  attempt integer,
  guard integer,
  fact json NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE events IS 'The history: only ever added to. States are computed from it.';
COMMENT ON COLUMN events.at IS 'By the clock of the machine where it happened, ISO 8601.';
COMMENT ON COLUMN events.noted_at IS 'By the clock of this server.';
COMMENT ON COLUMN events.request IS 'Where it is filed now, which renames change.';
COMMENT ON COLUMN events.origin IS 'Under whose name a claim was made.';
COMMENT ON COLUMN events.here IS 'Made by this ledger, and not taken in from another one.';
COMMENT ON COLUMN events.guard IS 'Set for a claim of this ledger, so that there is one.';
CREATE INDEX events_of_request ON events (request);
CREATE UNIQUE INDEX one_event_an_id ON events (at, id);
CREATE UNIQUE INDEX one_claim_an_attempt ON events (origin, guard) WHERE guard IS NOT NULL;
CREATE INDEX renames ON events (project, key) WHERE type = 'adopted';

CREATE TABLE tasks (
  provider text NOT NULL,
  id text NOT NULL,
  request bigint NOT NULL REFERENCES requests,
  PRIMARY KEY (provider, id)
);
COMMENT ON TABLE tasks IS 'Which request holds a task: the first to which the provider gave its id.';

CREATE TABLE lives (
  no integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz
);
COMMENT ON TABLE lives IS 'A run or a collector. It lives while its session holds the advisory lock (oid of this schema, no).';

CREATE TABLE runs (
  id text PRIMARY KEY,
  provider text NOT NULL,
  project text NOT NULL,
  started_by text NOT NULL,
  started_at text NOT NULL,
  ended_at text,
  interval_ms double precision,
  answer_timeout_ms double precision,
  currency text,
  plan text
);
COMMENT ON COLUMN runs.ended_at IS 'A run that has ended, or was given up by others, never claims again.';
COMMENT ON COLUMN runs.plan IS 'The digest of the approved plan that it sends; null where it planned by itself.';
CREATE INDEX unended_runs ON runs (id) WHERE ended_at IS NULL;

CREATE TABLE reservations (
  run text NOT NULL REFERENCES runs,
  request bigint NOT NULL REFERENCES requests,
  price double precision,
  PRIMARY KEY (run, request)
);
COMMENT ON TABLE reservations IS 'What runs that have not ended may still send.';

CREATE TABLE pace (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  last_slot timestamptz NOT NULL
);
COMMENT ON TABLE pace IS 'When the latest place in the queue for sending comes.';

CREATE TABLE journals (digest text PRIMARY KEY);
COMMENT ON TABLE journals IS 'Journals whose every event is in, by the digest of their text.';

CREATE TABLE links (
  request bigint NOT NULL REFERENCES requests,
  task text NOT NULL,
  url text NOT NULL,
  PRIMARY KEY (request, task)
);
COMMENT ON TABLE links IS 'Links to clips: secrets that expire. Each goes once its file is safe.';

CREATE TABLE downloads (
  request bigint NOT NULL REFERENCES requests,
  task text NOT NULL,
  holder text,
  stem text,
  validator text,
  size bigint,
  extension text,
  sha256 text,
  PRIMARY KEY (request, task)
);
CREATE UNIQUE INDEX one_download_a_stem ON downloads (lower(stem));

CREATE TABLE commits (
  id uuid PRIMARY KEY,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE commits IS 'What was committed lately, for whoever lost the connection before the answer. Old rows may go.';
CREATE INDEX commits_by_age ON commits (noted_at);

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'history is never rewritten'; END $$;
CREATE TRIGGER events_are_not_changed
  BEFORE UPDATE OF seq, origin, at, type, id, here, project, key, run, attempt, guard, fact, noted_at ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER events_are_not_removed BEFORE DELETE OR TRUNCATE ON events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER requests_keep_their_names
  BEFORE UPDATE OF id, provider, project, key, fingerprint, body ON requests
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER requests_are_not_removed BEFORE DELETE OR TRUNCATE ON requests
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

CREATE FUNCTION lock_class() RETURNS integer STABLE LANGUAGE sql AS $$
  SELECT ('x' || lpad(to_hex(current_schema()::regnamespace::oid::bigint), 8, '0'))::bit(32)::integer
$$;
COMMENT ON FUNCTION lock_class() IS 'The first number of this ledger''s advisory locks. Second: 0 for the history, -1 for the pace, above that a life.';

-- Claims and answers of requests on which nothing else bears, a batch at a time. Each statement sees what was committed
-- before the lock was had. Whoever changes anything else holds that lock alone.
CREATE FUNCTION append_batch(batch uuid, entries json) RETURNS TABLE (appended text, place bigint) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(lock_class(), 0);
  INSERT INTO commits (id) VALUES (batch);
  RETURN QUERY
    WITH entry AS MATERIALIZED (
      SELECT * FROM json_to_recordset(entries) AS e (
        request bigint, version integer, at text, type text, id text, project text, key text, run text,
        attempt integer, guard integer, fact text, provider text, task text)
    ), added AS (
      INSERT INTO events (request, origin, at, type, id, here, project, key, run, attempt, guard, fact)
      SELECT e.request, e.request, e.at, e.type, e.id, true, e.project, e.key, e.run, e.attempt, e.guard, e.fact::json
      FROM entry e JOIN requests r ON r.id = e.request AND r.version = e.version
      WHERE e.type <> 'claimed' OR EXISTS (SELECT 1 FROM runs WHERE runs.id = e.run AND runs.ended_at IS NULL)
      ON CONFLICT DO NOTHING
      RETURNING events.id, events.seq
    ), held AS (
      INSERT INTO tasks (provider, id, request)
      SELECT e.provider, e.task, e.request FROM entry e JOIN added ON added.id = e.id WHERE e.task IS NOT NULL
      ON CONFLICT DO NOTHING
    )
    SELECT added.id, added.seq FROM added;
END $$;

-- Everything up to here is committed, and nothing before it will be.
CREATE FUNCTION settled_seq() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE latest bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(lock_class(), 0);
  SELECT coalesce(max(seq), 0) INTO latest FROM events;
  RETURN latest;
END $$;
`,
];
