CREATE TYPE public.studydirection AS ENUM (
    'NOT_SET',
    'MINIMIZE',
    'MAXIMIZE'
);
CREATE TYPE public.trialintermediatevaluetype AS ENUM (
    'FINITE',
    'INF_POS',
    'INF_NEG',
    'NAN'
);
CREATE TYPE public.trialstate AS ENUM (
    'RUNNING',
    'COMPLETE',
    'PRUNED',
    'FAIL',
    'WAITING'
);
CREATE TYPE public.trialvaluetype AS ENUM (
    'FINITE',
    'INF_POS',
    'INF_NEG'
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.archsearch_architectures (
    arch_id text NOT NULL,
    ir text NOT NULL
);
CREATE TABLE public.archsearch_attempts (
    study_id integer NOT NULL,
    phase text NOT NULL,
    spec_id text NOT NULL,
    seed_index integer NOT NULL,
    attempt integer NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    final boolean NOT NULL,
    at text NOT NULL,
    CONSTRAINT ck_archsearch_attempts_phase CHECK ((phase = ANY (ARRAY['search'::text, 'confirm'::text, 'report'::text])))
);
CREATE TABLE public.archsearch_entries (
    id integer NOT NULL,
    study_id integer NOT NULL,
    phase text NOT NULL,
    spec_id text NOT NULL,
    role text NOT NULL,
    label text NOT NULL,
    rank integer,
    CONSTRAINT ck_archsearch_entries_phase CHECK ((phase = ANY (ARRAY['search'::text, 'confirm'::text, 'report'::text]))),
    CONSTRAINT ck_archsearch_entries_role CHECK ((role = ANY (ARRAY['candidate'::text, 'baseline'::text])))
);
CREATE SEQUENCE public.archsearch_entries_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.archsearch_entries_id_seq OWNED BY public.archsearch_entries.id;
CREATE TABLE public.archsearch_environments (
    fingerprint text NOT NULL,
    document text NOT NULL
);
CREATE TABLE public.archsearch_evaluations (
    id integer NOT NULL,
    key text NOT NULL,
    spec_id text NOT NULL,
    task text NOT NULL,
    seed text NOT NULL,
    budget bigint NOT NULL,
    backend text NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    objective double precision,
    final double precision,
    best double precision,
    test double precision,
    solved boolean,
    sequences_to_solve bigint,
    curve text,
    parameters bigint,
    operations bigint,
    stages integer,
    weights_hash text,
    backend_reason text DEFAULT ''::text NOT NULL,
    reports text NOT NULL,
    seconds double precision NOT NULL,
    environment text NOT NULL,
    finished_at text NOT NULL,
    CONSTRAINT ck_archsearch_evaluations_best_in_unit CHECK (((best IS NULL) OR ((best >= (0)::double precision) AND (best <= (1)::double precision)))),
    CONSTRAINT ck_archsearch_evaluations_complete_has_score CHECK (((state <> 'complete'::text) OR ((objective IS NOT NULL) AND (final IS NOT NULL) AND (best IS NOT NULL) AND (solved IS NOT NULL) AND (curve IS NOT NULL) AND (parameters IS NOT NULL) AND (operations IS NOT NULL) AND (stages IS NOT NULL) AND (weights_hash IS NOT NULL)))),
    CONSTRAINT ck_archsearch_evaluations_final_in_unit CHECK (((final IS NULL) OR ((final >= (0)::double precision) AND (final <= (1)::double precision)))),
    CONSTRAINT ck_archsearch_evaluations_objective_in_unit CHECK (((objective IS NULL) OR ((objective >= (0)::double precision) AND (objective <= (1)::double precision)))),
    CONSTRAINT ck_archsearch_evaluations_seconds_finite CHECK (((seconds >= (0)::double precision) AND (seconds <= ('1000000000000'::numeric)::double precision))),
    CONSTRAINT ck_archsearch_evaluations_state CHECK ((state = ANY (ARRAY['complete'::text, 'pruned'::text]))),
    CONSTRAINT ck_archsearch_evaluations_test_in_unit CHECK (((test IS NULL) OR ((test >= (0)::double precision) AND (test <= (1)::double precision))))
);
CREATE SEQUENCE public.archsearch_evaluations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.archsearch_evaluations_id_seq OWNED BY public.archsearch_evaluations.id;
CREATE TABLE public.archsearch_jobs (
    study_id integer NOT NULL,
    state text NOT NULL,
    workers integer NOT NULL,
    ticket integer NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    crashes integer DEFAULT 0 NOT NULL,
    pid integer,
    pid_started double precision,
    host text DEFAULT ''::text NOT NULL,
    changed_at text NOT NULL,
    CONSTRAINT ck_archsearch_jobs_counts CHECK (((workers >= 1) AND (crashes >= 0))),
    CONSTRAINT ck_archsearch_jobs_state CHECK ((state = ANY (ARRAY['created'::text, 'queued'::text, 'running'::text, 'stopping'::text, 'cancelled'::text, 'failed'::text])))
);
CREATE TABLE public.archsearch_runs (
    study_id integer NOT NULL,
    phase text NOT NULL,
    spec_id text NOT NULL,
    seed_index integer NOT NULL,
    evaluation_id integer,
    kind text,
    reason text,
    CONSTRAINT ck_archsearch_runs_evaluation_or_failure CHECK (((evaluation_id IS NULL) = (kind IS NOT NULL))),
    CONSTRAINT ck_archsearch_runs_failure_has_reason CHECK (((kind IS NULL) = (reason IS NULL))),
    CONSTRAINT ck_archsearch_runs_phase CHECK ((phase = ANY (ARRAY['search'::text, 'confirm'::text, 'report'::text])))
);
CREATE TABLE public.archsearch_schema (
    version integer NOT NULL
);
CREATE TABLE public.archsearch_specs (
    spec_id text NOT NULL,
    arch_id text NOT NULL,
    document text NOT NULL,
    line text NOT NULL
);
CREATE TABLE public.archsearch_studies (
    id integer NOT NULL,
    name text NOT NULL,
    definition text NOT NULL,
    created_at text NOT NULL,
    state text NOT NULL,
    fence bigint DEFAULT '0'::bigint NOT NULL,
    writes bigint DEFAULT '0'::bigint NOT NULL,
    CONSTRAINT ck_archsearch_studies_state CHECK ((state = ANY (ARRAY['running'::text, 'finished'::text, 'exhausted'::text, 'interrupted'::text])))
);
CREATE SEQUENCE public.archsearch_studies_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.archsearch_studies_id_seq OWNED BY public.archsearch_studies.id;
CREATE TABLE public.archsearch_trials (
    study_id integer NOT NULL,
    number integer NOT NULL,
    choices text NOT NULL,
    spec_id text,
    state text NOT NULL,
    value double precision,
    repeat_of integer,
    reason text DEFAULT ''::text NOT NULL,
    proposed_at text NOT NULL,
    finished_at text,
    CONSTRAINT ck_archsearch_trials_complete_has_value CHECK (((state <> 'complete'::text) OR (value IS NOT NULL))),
    CONSTRAINT ck_archsearch_trials_finished_at CHECK (((finished_at IS NULL) = (state = 'running'::text))),
    CONSTRAINT ck_archsearch_trials_spec_or_failed CHECK (((spec_id IS NOT NULL) OR (state = 'failed'::text))),
    CONSTRAINT ck_archsearch_trials_state CHECK ((state = ANY (ARRAY['running'::text, 'complete'::text, 'pruned'::text, 'failed'::text]))),
    CONSTRAINT ck_archsearch_trials_value_in_unit CHECK (((value IS NULL) OR ((value >= (0)::double precision) AND (value <= (1)::double precision)))),
    CONSTRAINT ck_archsearch_trials_value_is_an_end CHECK (((value IS NULL) OR (state = ANY (ARRAY['complete'::text, 'pruned'::text]))))
);
CREATE TABLE public.archsearch_weights (
    evaluation_id integer NOT NULL,
    safetensors bytea NOT NULL
);
CREATE TABLE public.studies (
    study_id integer NOT NULL,
    study_name character varying(512) NOT NULL
);
CREATE SEQUENCE public.studies_study_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.studies_study_id_seq OWNED BY public.studies.study_id;
CREATE TABLE public.study_directions (
    study_direction_id integer NOT NULL,
    direction public.studydirection NOT NULL,
    study_id integer NOT NULL,
    objective integer NOT NULL
);
CREATE SEQUENCE public.study_directions_study_direction_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.study_directions_study_direction_id_seq OWNED BY public.study_directions.study_direction_id;
CREATE TABLE public.study_system_attributes (
    study_system_attribute_id integer NOT NULL,
    study_id integer,
    key character varying(512),
    value_json text
);
CREATE SEQUENCE public.study_system_attributes_study_system_attribute_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.study_system_attributes_study_system_attribute_id_seq OWNED BY public.study_system_attributes.study_system_attribute_id;
CREATE TABLE public.study_user_attributes (
    study_user_attribute_id integer NOT NULL,
    study_id integer,
    key character varying(512),
    value_json text
);
CREATE SEQUENCE public.study_user_attributes_study_user_attribute_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.study_user_attributes_study_user_attribute_id_seq OWNED BY public.study_user_attributes.study_user_attribute_id;
CREATE TABLE public.trial_heartbeats (
    trial_heartbeat_id integer NOT NULL,
    trial_id integer NOT NULL,
    heartbeat timestamp without time zone NOT NULL
);
CREATE SEQUENCE public.trial_heartbeats_trial_heartbeat_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_heartbeats_trial_heartbeat_id_seq OWNED BY public.trial_heartbeats.trial_heartbeat_id;
CREATE TABLE public.trial_intermediate_values (
    trial_intermediate_value_id integer NOT NULL,
    trial_id integer NOT NULL,
    step integer NOT NULL,
    intermediate_value double precision,
    intermediate_value_type public.trialintermediatevaluetype NOT NULL
);
CREATE SEQUENCE public.trial_intermediate_values_trial_intermediate_value_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_intermediate_values_trial_intermediate_value_id_seq OWNED BY public.trial_intermediate_values.trial_intermediate_value_id;
CREATE TABLE public.trial_params (
    param_id integer NOT NULL,
    trial_id integer,
    param_name character varying(512),
    param_value double precision,
    distribution_json text
);
CREATE SEQUENCE public.trial_params_param_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_params_param_id_seq OWNED BY public.trial_params.param_id;
CREATE TABLE public.trial_system_attributes (
    trial_system_attribute_id integer NOT NULL,
    trial_id integer,
    key character varying(512),
    value_json text
);
CREATE SEQUENCE public.trial_system_attributes_trial_system_attribute_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_system_attributes_trial_system_attribute_id_seq OWNED BY public.trial_system_attributes.trial_system_attribute_id;
CREATE TABLE public.trial_user_attributes (
    trial_user_attribute_id integer NOT NULL,
    trial_id integer,
    key character varying(512),
    value_json text
);
CREATE SEQUENCE public.trial_user_attributes_trial_user_attribute_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_user_attributes_trial_user_attribute_id_seq OWNED BY public.trial_user_attributes.trial_user_attribute_id;
CREATE TABLE public.trial_values (
    trial_value_id integer NOT NULL,
    trial_id integer NOT NULL,
    objective integer NOT NULL,
    value double precision,
    value_type public.trialvaluetype NOT NULL
);
CREATE SEQUENCE public.trial_values_trial_value_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trial_values_trial_value_id_seq OWNED BY public.trial_values.trial_value_id;
CREATE TABLE public.trials (
    trial_id integer NOT NULL,
    number integer,
    study_id integer,
    state public.trialstate NOT NULL,
    datetime_start timestamp without time zone,
    datetime_complete timestamp without time zone
);
CREATE SEQUENCE public.trials_trial_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trials_trial_id_seq OWNED BY public.trials.trial_id;
CREATE TABLE public.version_info (
    version_info_id integer NOT NULL,
    schema_version integer,
    library_version character varying(256),
    CONSTRAINT version_info_version_info_id_check CHECK ((version_info_id = 1))
);
ALTER TABLE ONLY public.archsearch_entries ALTER COLUMN id SET DEFAULT nextval('public.archsearch_entries_id_seq'::regclass);
ALTER TABLE ONLY public.archsearch_evaluations ALTER COLUMN id SET DEFAULT nextval('public.archsearch_evaluations_id_seq'::regclass);
ALTER TABLE ONLY public.archsearch_studies ALTER COLUMN id SET DEFAULT nextval('public.archsearch_studies_id_seq'::regclass);
ALTER TABLE ONLY public.studies ALTER COLUMN study_id SET DEFAULT nextval('public.studies_study_id_seq'::regclass);
ALTER TABLE ONLY public.study_directions ALTER COLUMN study_direction_id SET DEFAULT nextval('public.study_directions_study_direction_id_seq'::regclass);
ALTER TABLE ONLY public.study_system_attributes ALTER COLUMN study_system_attribute_id SET DEFAULT nextval('public.study_system_attributes_study_system_attribute_id_seq'::regclass);
ALTER TABLE ONLY public.study_user_attributes ALTER COLUMN study_user_attribute_id SET DEFAULT nextval('public.study_user_attributes_study_user_attribute_id_seq'::regclass);
ALTER TABLE ONLY public.trial_heartbeats ALTER COLUMN trial_heartbeat_id SET DEFAULT nextval('public.trial_heartbeats_trial_heartbeat_id_seq'::regclass);
ALTER TABLE ONLY public.trial_intermediate_values ALTER COLUMN trial_intermediate_value_id SET DEFAULT nextval('public.trial_intermediate_values_trial_intermediate_value_id_seq'::regclass);
ALTER TABLE ONLY public.trial_params ALTER COLUMN param_id SET DEFAULT nextval('public.trial_params_param_id_seq'::regclass);
ALTER TABLE ONLY public.trial_system_attributes ALTER COLUMN trial_system_attribute_id SET DEFAULT nextval('public.trial_system_attributes_trial_system_attribute_id_seq'::regclass);
ALTER TABLE ONLY public.trial_user_attributes ALTER COLUMN trial_user_attribute_id SET DEFAULT nextval('public.trial_user_attributes_trial_user_attribute_id_seq'::regclass);
ALTER TABLE ONLY public.trial_values ALTER COLUMN trial_value_id SET DEFAULT nextval('public.trial_values_trial_value_id_seq'::regclass);
ALTER TABLE ONLY public.trials ALTER COLUMN trial_id SET DEFAULT nextval('public.trials_trial_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('v3.2.0.a');
INSERT INTO public.archsearch_architectures VALUES ('90f01d3267f4e58a', 'cell rnn(x; h=0)
  h~ = affine W[x] + W[h_prev] + b(0)
  h = tanh h~
  -> h=h; output=h
');
INSERT INTO public.archsearch_architectures VALUES ('68e67cabb328b28b', 'cell space(x; h=0, c=0)
  i~ = affine W[x] + W[h_prev] + b(0)
  i = sigmoid i~
  f~ = affine W[x] + W[h_prev] + b(1)
  f = sigmoid f~
  g = affine W[x] + W[h_prev] + b(0)
  c~1 = mul f, c_prev
  c~2 = mul i, g
  c = add c~1, c~2
  o~ = affine W[x] + W[h_prev] + d[c] + b(0)
  o = sigmoid o~
  h~1 = tanh c
  h = mul o, h~1
  -> h=h, c=c; output=h
');
INSERT INTO public.archsearch_architectures VALUES ('5367b880f1fdda93', 'cell space(x; h=0, c=0)
  i~ = affine W[x] + W[h_prev] + b(0)
  i = sigmoid i~
  f~ = affine W[x] + W[h_prev] + b(1)
  f = sigmoid f~
  g~ = affine W[x] + W[h_prev] + b(0)
  g = where_le g~, 0, 0, g~
  c~1 = mul f, c_prev
  c~2 = mul i, g
  c = add c~1, c~2
  o~ = affine W[x] + W[h_prev] + b(0)
  o = sigmoid o~
  h = mul o, c
  -> h=h, c=c; output=h
');
INSERT INTO public.archsearch_architectures VALUES ('078b7ae39177532b', 'cell space(x; h=0, c=0)
  i~ = affine W[x] + W[h_prev] + b(0)
  i = sigmoid i~
  f~ = affine W[x] + W[h_prev] + b(1)
  f = sigmoid f~
  g = affine W[x] + W[h_prev] + b(0)
  c~1 = mul f, c_prev
  c~2 = mul i, g
  c = add c~1, c~2
  o~ = affine W[x] + W[h_prev] + b(0)
  o = sigmoid o~
  h = mul o, c
  -> h=h, c=c; output=h
');
INSERT INTO public.archsearch_architectures VALUES ('200d86cebc078196', 'cell space(x; h=0, c=0)
  i~ = affine W[x] + W[h_prev] + b(0)
  i = sigmoid i~
  f~ = affine W[x] + W[h_prev] + b(1)
  f = sigmoid f~
  g~ = affine W[x] + W[h_prev] + b(0)
  g = where_le g~, 0, 0, g~
  c~1 = mul f, c_prev
  c~2 = mul i, g
  c = add c~1, c~2
  o~ = affine W[x] + W[h_prev] + b(0)
  o = sigmoid o~
  h~1 = tanh c
  h = mul o, h~1
  -> h=h, c=c; output=h
');
INSERT INTO public.archsearch_architectures VALUES ('5aa8d30357737949', 'cell lstm(x; h=0, c=0)
  i~ = affine W[x] + W[h_prev] + b(0)
  i = sigmoid i~
  f~ = affine W[x] + W[h_prev] + b(0)
  f = sigmoid f~
  g~ = affine W[x] + W[h_prev] + b(0)
  g = tanh g~
  o~ = affine W[x] + W[h_prev] + b(0)
  o = sigmoid o~
  c~1 = mul f, c_prev
  c~2 = mul i, g
  c = add c~1, c~2
  h~1 = tanh c
  h = mul o, h~1
  -> h=h, c=c; output=h
');
INSERT INTO public.archsearch_architectures VALUES ('35a70e33eb67d4b4', 'cell space(x; h=0, m=-inf)
  candidate~ = affine W[x] + W[h_prev] + b(0)
  candidate = tanh candidate~
  m = max m_prev, candidate
  h = tanh m
  -> h=h, m=m; output=h
');
INSERT INTO public.archsearch_architectures VALUES ('665a3ba2fd9e9b1e', 'cell space(x; h=0, m=-inf)
  candidate~ = affine W[x] + W[h_prev] + b(0)
  candidate = where_le candidate~, 0, 0, candidate~
  m = max m_prev, candidate
  h = tanh m
  -> h=h, m=m; output=h
');
INSERT INTO public.archsearch_entries VALUES (1, 1, 'search', 'f0d58a672c7c1f3c', 'baseline', 'rnn', NULL);
INSERT INTO public.archsearch_entries VALUES (2, 1, 'search', '90928d38b474d70d', 'candidate', '', NULL);
INSERT INTO public.archsearch_entries VALUES (3, 1, 'search', '20f010121409257c', 'candidate', '', NULL);
INSERT INTO public.archsearch_entries VALUES (4, 1, 'search', 'bb007fb6cdcd6008', 'candidate', '', NULL);
INSERT INTO public.archsearch_entries VALUES (5, 1, 'search', '74c9fb12c631c9cd', 'candidate', '', NULL);
INSERT INTO public.archsearch_entries VALUES (6, 1, 'search', 'a3d250318661ccef', 'candidate', '', NULL);
INSERT INTO public.archsearch_entries VALUES (7, 1, 'confirm', 'a3d250318661ccef', 'candidate', '', 1);
INSERT INTO public.archsearch_entries VALUES (8, 1, 'report', 'a3d250318661ccef', 'candidate', '', 1);
INSERT INTO public.archsearch_entries VALUES (9, 1, 'report', 'f0d58a672c7c1f3c', 'baseline', 'rnn', NULL);
INSERT INTO public.archsearch_entries VALUES (10, 2, 'search', '8ada962244452139', 'baseline', 'lstm', NULL);
INSERT INTO public.archsearch_entries VALUES (11, 2, 'search', 'a8d88aacefabe59e', 'candidate', '', NULL);
INSERT INTO public.archsearch_entries VALUES (12, 2, 'search', 'd036b4630d956dfd', 'candidate', '', NULL);
INSERT INTO public.archsearch_entries VALUES (13, 2, 'confirm', 'a8d88aacefabe59e', 'candidate', '', 1);
INSERT INTO public.archsearch_entries VALUES (14, 2, 'report', 'a8d88aacefabe59e', 'candidate', '', 1);
INSERT INTO public.archsearch_entries VALUES (15, 2, 'report', '8ada962244452139', 'baseline', 'lstm', NULL);
INSERT INTO public.archsearch_environments VALUES ('09d95c7aa80e9d4a', '{"archsearch":"0.1.0","cores":2,"gpus":[],"instruction_sets":["avx","avx2","avx512_bf16","avx512_bitalg","avx512_vbmi2","avx512_vnni","avx512_vpopcntdq","avx512bw","avx512cd","avx512dq","avx512f","avx512ifma","avx512vbmi","avx512vl","fma"],"numpy":"2.4.6","optuna":"5.0.0","platform":"Linux-6.18.44-fc-v669-x86_64-with-glibc2.36","processor":"AMD EPYC","python":"3.11.7","threads":1,"torch":"2.13.0+cpu"}');
INSERT INTO public.archsearch_evaluations VALUES (1, '3a3ec570854d21db0c5ba7b2555f3bee7c19c53259abfa98660a5d9c1fe1da28', 'f0d58a672c7c1f3c', '{"name":"parity","test_length":6,"train_length":3}', '3100606092271825020', 16, 'native', 2, 'complete', 0.5625, 0.625, 0.625, NULL, false, NULL, '[[8,0.5],[16,0.625]]', 38, 32, 1, 'e90f1fbdef9903d7', '', '[[1,0.5],[2,0.5625]]', 0.035878067999874474, '09d95c7aa80e9d4a', '2026-11-29T11:15:36.881582+00:00');
INSERT INTO public.archsearch_evaluations VALUES (2, '48b4b9ba80cf6674ef3d00a36c9090bbceb79c1ac366bcfabf310e14b0b8b82e', '90928d38b474d70d', '{"name":"parity","test_length":6,"train_length":3}', '3100606092271825020', 16, 'native', 2, 'complete', 0.4375, 0.5, 0.5, NULL, false, NULL, '[[8,0.375],[16,0.5]]', 126, 148, 1, 'f82c057990aa895c', '', '[[1,0.375],[2,0.4375]]', 0.03834015500251553, '09d95c7aa80e9d4a', '2026-11-29T11:15:37.075909+00:00');
INSERT INTO public.archsearch_evaluations VALUES (3, '73474876879f48a32eedcb2ecbe0cfb996e62ad9ea27c516c0b63d44ce898cd3', '20f010121409257c', '{"name":"parity","test_length":6,"train_length":3}', '3100606092271825020', 16, 'native', 2, 'complete', 0.375, 0.375, 0.375, NULL, false, NULL, '[[8,0.375],[16,0.375]]', 122, 144, 1, 'f4a850bbf4f91cd9', '', '[[1,0.375],[2,0.375]]', 0.04136874499818077, '09d95c7aa80e9d4a', '2026-11-29T11:15:37.376927+00:00');
INSERT INTO public.archsearch_evaluations VALUES (4, '56fb47aba430c1acf3807bd935ffe3c969c61f79d2a1c390d5655cb4eb1cd71b', 'bb007fb6cdcd6008', '{"name":"parity","test_length":6,"train_length":3}', '3100606092271825020', 16, 'native', 2, 'complete', 0, 0, 0, NULL, false, NULL, '[[8,0.0],[16,0.0]]', 122, 140, 1, 'ce5cc316b395d8c2', '', '[[1,0.0],[2,0.0]]', 0.06874334099848056, '09d95c7aa80e9d4a', '2026-11-29T11:15:37.629233+00:00');
INSERT INTO public.archsearch_evaluations VALUES (5, '5acf29e408e5dfa40959d25b44773a49fc7c9fcde42c69e8a57f4ee50d56bd08', '74c9fb12c631c9cd', '{"name":"parity","test_length":6,"train_length":3}', '3100606092271825020', 16, 'native', 2, 'complete', 0.375, 0.375, 0.375, NULL, false, NULL, '[[8,0.375],[16,0.375]]', 126, 148, 1, '3fbb8827dc0b1fd5', '', '[[1,0.375],[2,0.375]]', 0.05021904399836785, '09d95c7aa80e9d4a', '2026-11-29T11:15:37.897184+00:00');
INSERT INTO public.archsearch_evaluations VALUES (6, '67466a178494e9f92cdd6817ea81df357fb7327f90928957a377342e0f1f197a', 'a3d250318661ccef', '{"name":"parity","test_length":6,"train_length":3}', '3100606092271825020', 16, 'native', 2, 'complete', 0.5, 0.5, 0.5, NULL, false, NULL, '[[8,0.5],[16,0.5]]', 122, 148, 1, '028b59b47e65501e', '', '[[1,0.5],[2,0.5]]', 0.05347224000070128, '09d95c7aa80e9d4a', '2026-11-29T11:15:38.078161+00:00');
INSERT INTO public.archsearch_evaluations VALUES (7, 'c492ede95cc585ea2da0cf43d2879ec180e522a805dd8c40cf4a9b3c4a533ae1', 'a3d250318661ccef', '{"name":"parity","test_length":6,"train_length":3}', '6129393124697622359', 16, 'native', 2, 'complete', 0.5, 0.5, 0.5, NULL, false, NULL, '[[8,0.5],[16,0.5]]', 122, 148, 1, 'a7b4fec5079f064e', '', '[[1,0.5],[2,0.5]]', 0.04837015200246242, '09d95c7aa80e9d4a', '2026-11-29T11:15:38.255922+00:00');
INSERT INTO public.archsearch_evaluations VALUES (8, 'a7fc3c382dde374f3791588260419210a3de6fa6551ad442272fc7d4021e5905', 'a3d250318661ccef', '{"name":"parity","test_length":6,"train_length":3}', '39692109855904042', 16, 'native', 2, 'complete', 0.375, 0.375, 0.375, 0.375, false, NULL, '[[8,0.375],[16,0.375]]', 122, 148, 1, 'bc07043b42208259', '', '[[1,0.375],[2,0.375]]', 0.043402564002462896, '09d95c7aa80e9d4a', '2026-11-29T11:15:38.589552+00:00');
INSERT INTO public.archsearch_evaluations VALUES (9, 'cea96f2ea81d906d84e18833f955335282107236458c6fb89fffb80d6f4d5220', 'f0d58a672c7c1f3c', '{"name":"parity","test_length":6,"train_length":3}', '39692109855904042', 16, 'native', 2, 'complete', 0.875, 0.875, 0.875, 0.25, false, NULL, '[[8,0.875],[16,0.875]]', 38, 32, 1, 'f2b5420389159a8c', '', '[[1,0.875],[2,0.875]]', 0.025423800998396473, '09d95c7aa80e9d4a', '2026-11-29T11:15:38.697931+00:00');
INSERT INTO public.archsearch_evaluations VALUES (10, '1cd1ee1123159455bd096ec939f646feb77a0c1630607c53444ce4f54e87bfcc', 'a3d250318661ccef', '{"name":"parity","test_length":6,"train_length":3}', '4621667303581563103', 16, 'native', 2, 'complete', 0.25, 0.25, 0.25, 0.5, false, NULL, '[[8,0.25],[16,0.25]]', 122, 148, 1, '596a1f06b63e31ab', '', '[[1,0.25],[2,0.25]]', 0.04628337399844895, '09d95c7aa80e9d4a', '2026-11-29T11:15:38.844032+00:00');
INSERT INTO public.archsearch_evaluations VALUES (11, '6fdf07e046063088638c50363b0310edc9efb438e7b878bed9200e53af8e1462', 'f0d58a672c7c1f3c', '{"name":"parity","test_length":6,"train_length":3}', '4621667303581563103', 16, 'native', 2, 'complete', 0.375, 0.375, 0.375, 0.375, false, NULL, '[[8,0.375],[16,0.375]]', 38, 32, 1, '0b89d4d0e902dd82', '', '[[1,0.375],[2,0.375]]', 0.03818870999748469, '09d95c7aa80e9d4a', '2026-11-29T11:15:39.027910+00:00');
INSERT INTO public.archsearch_evaluations VALUES (12, 'c6d39644162e296eaa10799c4f5745249c379a0af0e0081ad3d2f2b344f006ac', '8ada962244452139', '{"name":"parity","test_length":6,"train_length":3}', '3100606092271825020', 16, 'native', 2, 'complete', 0, 0, 0, NULL, false, NULL, '[[8,0.0],[16,0.0]]', 122, 148, 1, '085465b33913f6f4', '', '[[1,0.0],[2,0.0]]', 0.05739642300250125, '09d95c7aa80e9d4a', '2026-11-29T11:15:43.984443+00:00');
INSERT INTO public.archsearch_evaluations VALUES (13, '2c70c86680aebd4dab72786eed29400f91baf60d5eb7f095606278864d2ee941', 'a8d88aacefabe59e', '{"name":"parity","test_length":6,"train_length":3}', '3100606092271825020', 16, 'native', 2, 'complete', 0.625, 0.625, 0.625, NULL, false, NULL, '[[8,0.625],[16,0.625]]', 38, 40, 1, '266ff0a315cff0fc', '', '[[1,0.625],[2,0.625]]', 0.04136659199866699, '09d95c7aa80e9d4a', '2026-11-29T11:15:44.152089+00:00');
INSERT INTO public.archsearch_evaluations VALUES (14, 'ff426efad3fb46d319244f798a52ba96117a37894128b739e391bc18fcbeaeba', 'd036b4630d956dfd', '{"name":"parity","test_length":6,"train_length":3}', '3100606092271825020', 16, 'native', 2, 'complete', 0.625, 0.625, 0.625, NULL, false, NULL, '[[8,0.625],[16,0.625]]', 38, 40, 1, 'd8f22d7bfeb69d24', '', '[[1,0.625],[2,0.625]]', 0.03624455500175827, '09d95c7aa80e9d4a', '2026-11-29T11:15:44.407614+00:00');
INSERT INTO public.archsearch_evaluations VALUES (15, 'c94190f8f7d9e7a1798a3279a5a78c10fdf59a2724396a9d9c25183ca66db69d', 'a8d88aacefabe59e', '{"name":"parity","test_length":6,"train_length":3}', '6129393124697622359', 16, 'native', 2, 'complete', 0.5, 0.5, 0.5, NULL, false, NULL, '[[8,0.5],[16,0.5]]', 38, 40, 1, 'ed772450177b196e', '', '[[1,0.5],[2,0.5]]', 0.04407666699989932, '09d95c7aa80e9d4a', '2026-11-29T11:15:44.589479+00:00');
INSERT INTO public.archsearch_evaluations VALUES (16, '1dfed85286a744ac9c9d82c1c6bd3a55665ee781333bd1e80ce6ae6c7a0e97db', 'a8d88aacefabe59e', '{"name":"parity","test_length":6,"train_length":3}', '39692109855904042', 16, 'native', 2, 'complete', 0.875, 0.875, 0.875, 0.25, false, NULL, '[[8,0.875],[16,0.875]]', 38, 40, 1, '47fed1ff77642ef4', '', '[[1,0.875],[2,0.875]]', 0.036705301001347834, '09d95c7aa80e9d4a', '2026-11-29T11:15:44.763931+00:00');
INSERT INTO public.archsearch_evaluations VALUES (17, '33de27f5851fa387fafd0ed82524b1070751b56cbed153e8a96936442bbd2e5b', '8ada962244452139', '{"name":"parity","test_length":6,"train_length":3}', '39692109855904042', 16, 'native', 2, 'complete', 0.875, 0.875, 0.875, 0.25, false, NULL, '[[8,0.875],[16,0.875]]', 122, 148, 1, '33ad0fd06b01594e', '', '[[1,0.875],[2,0.875]]', 0.036394807997567113, '09d95c7aa80e9d4a', '2026-11-29T11:15:44.875830+00:00');
INSERT INTO public.archsearch_evaluations VALUES (18, 'cbdb12bb5545371c81b86688088f7fbd9e8e11b26bac98eda577b0daa9db0a56', 'a8d88aacefabe59e', '{"name":"parity","test_length":6,"train_length":3}', '4621667303581563103', 16, 'native', 2, 'complete', 0.5, 0.5, 0.5, 0.5, false, NULL, '[[8,0.5],[16,0.5]]', 38, 40, 1, '0dcc924e97df5c60', '', '[[1,0.5],[2,0.5]]', 0.05257411200000206, '09d95c7aa80e9d4a', '2026-11-29T11:15:45.045219+00:00');
INSERT INTO public.archsearch_evaluations VALUES (19, '88c34d68799fa957fc8218e1fe952340813731ff36216772ef5d254eb64a7393', '8ada962244452139', '{"name":"parity","test_length":6,"train_length":3}', '4621667303581563103', 16, 'native', 2, 'complete', 0.375, 0.25, 0.5, 0.5, false, NULL, '[[8,0.5],[16,0.25]]', 122, 148, 1, 'e91eb1dbbe2da53c', '', '[[1,0.5],[2,0.375]]', 0.04425759700097842, '09d95c7aa80e9d4a', '2026-11-29T11:15:45.180645+00:00');
INSERT INTO public.archsearch_runs VALUES (1, 'search', 'f0d58a672c7c1f3c', 0, 1, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (1, 'search', '90928d38b474d70d', 0, 2, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (1, 'search', '20f010121409257c', 0, 3, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (1, 'search', 'bb007fb6cdcd6008', 0, 4, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (1, 'search', '74c9fb12c631c9cd', 0, 5, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (1, 'search', 'a3d250318661ccef', 0, 6, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (1, 'confirm', 'a3d250318661ccef', 0, 7, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (1, 'report', 'a3d250318661ccef', 0, 8, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (1, 'report', 'f0d58a672c7c1f3c', 0, 9, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (1, 'report', 'a3d250318661ccef', 1, 10, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (1, 'report', 'f0d58a672c7c1f3c', 1, 11, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (2, 'search', '8ada962244452139', 0, 12, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (2, 'search', 'a8d88aacefabe59e', 0, 13, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (2, 'search', 'd036b4630d956dfd', 0, 14, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (2, 'confirm', 'a8d88aacefabe59e', 0, 15, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (2, 'report', 'a8d88aacefabe59e', 0, 16, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (2, 'report', '8ada962244452139', 0, 17, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (2, 'report', 'a8d88aacefabe59e', 1, 18, NULL, NULL);
INSERT INTO public.archsearch_runs VALUES (2, 'report', '8ada962244452139', 1, 19, NULL, NULL);
INSERT INTO public.archsearch_schema VALUES (3);
INSERT INTO public.archsearch_specs VALUES ('f0d58a672c7c1f3c', '90f01d3267f4e58a', '{"cell":{"states":{"h":0.0},"output":"h","equations":{"h":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"}},"cell":"rnn"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}', 'rnn; learning_rate=0.01');
INSERT INTO public.archsearch_specs VALUES ('90928d38b474d70d', '68e67cabb328b28b', '{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":1.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"identity"},"c":"f * c_prev + i * g","o":{"linear":["x","h_prev"],"diagonal":["c"],"bias":0.0,"activation":"sigmoid"},"h":"o * tanh(c)"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.02,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}', 'lstm_b, candidate identity, peephole(output); learning_rate=0.02');
INSERT INTO public.archsearch_specs VALUES ('20f010121409257c', '5367b880f1fdda93', '{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":1.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"relu"},"c":"f * c_prev + i * g","o":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"h":"o * c"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}', 'lstm_b, squash identity, candidate relu; learning_rate=0.01');
INSERT INTO public.archsearch_specs VALUES ('bb007fb6cdcd6008', '078b7ae39177532b', '{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":1.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"identity"},"c":"f * c_prev + i * g","o":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"h":"o * c"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}', 'lstm_b, squash identity, candidate identity; learning_rate=0.01');
INSERT INTO public.archsearch_specs VALUES ('74c9fb12c631c9cd', '68e67cabb328b28b', '{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":1.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"identity"},"c":"f * c_prev + i * g","o":{"linear":["x","h_prev"],"diagonal":["c"],"bias":0.0,"activation":"sigmoid"},"h":"o * tanh(c)"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}', 'lstm_b, candidate identity, peephole(output); learning_rate=0.01');
INSERT INTO public.archsearch_specs VALUES ('a3d250318661ccef', '200d86cebc078196', '{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":1.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"relu"},"c":"f * c_prev + i * g","o":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"h":"o * tanh(c)"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.02,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}', 'lstm_b, candidate relu; learning_rate=0.02');
INSERT INTO public.archsearch_specs VALUES ('8ada962244452139', '5aa8d30357737949', '{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"},"o":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"c":"f * c_prev + i * g","h":"o * tanh(c)"},"cell":"lstm"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}', 'lstm; learning_rate=0.01');
INSERT INTO public.archsearch_specs VALUES ('a8d88aacefabe59e', '35a70e33eb67d4b4', '{"cell":{"states":{"h":0.0,"m":-1e999},"output":"h","equations":{"candidate":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"},"m":"max(m_prev, candidate)","h":"tanh(m)"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}', 'candidate=tanh; learning_rate=0.01');
INSERT INTO public.archsearch_specs VALUES ('d036b4630d956dfd', '665a3ba2fd9e9b1e', '{"cell":{"states":{"h":0.0,"m":-1e999},"output":"h","equations":{"candidate":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"relu"},"m":"max(m_prev, candidate)","h":"tanh(m)"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.02,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}', 'candidate=relu; learning_rate=0.02');
INSERT INTO public.archsearch_studies VALUES (1, 'wired', '{"study":{"study":"wired","task":{"name":"parity","train_length":3,"test_length":6},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":null},"training":{"optimizer":"adam","learning_rate":0.02,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"},"holes":{"training.learning_rate":[0.01,0.02]},"baselines":["rnn"],"search":{"sampler":"random","pruner":"none","trials":5,"seeds":1},"confirm":{"best":1,"seeds":1},"report":{"best":1,"seeds":2},"limits":{"seconds":3600.0,"memory_mb":4000,"parameters":10000000,"operations":1000000000000},"backend":["native","reference"],"seed":1,"space":{"wiring":{"gates":{"input":{"activation":"sigmoid","bias":0.0},"forget":{"activation":"sigmoid","bias":1.0},"output":{"activation":"sigmoid","bias":0.0},"reset":"none"},"peepholes":[],"coupling":"none","state_merging":"separate","candidate":"relu","squash":"tanh","gate_recurrence":false},"holes":{"candidate":["tanh","relu","identity"],"squash":["tanh","identity"],"peepholes":{"subset_of":["output"],"at_least":0}},"contains":[]}},"space":"space","task":{"name":"parity","train_length":3,"test_length":6},"baselines":{"rnn":{"states":{"h":0.0},"output":"h","equations":{"h":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"}},"cell":"rnn"}}}', '2026-11-29T11:15:31.118836+00:00', 'finished', 1795950931125354, 23);
INSERT INTO public.archsearch_studies VALUES (2, 'celled', '{"study":{"study":"celled","task":{"name":"parity","train_length":3,"test_length":6},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":null},"training":{"optimizer":"adam","learning_rate":0.02,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"},"holes":{"training.learning_rate":[0.01,0.02]},"baselines":["lstm"],"search":{"sampler":"random","pruner":"none","trials":2,"seeds":1},"confirm":{"best":1,"seeds":1},"report":{"best":1,"seeds":2},"limits":{"seconds":3600.0,"memory_mb":4000,"parameters":10000000,"operations":1000000000000},"backend":["native","reference"],"seed":1,"space":{"cell":{"states":{"h":0.0,"m":-1e999},"output":"h","equations":{"candidate":{"linear":["x","h_prev"],"activation":"$candidate"},"m":"max(m_prev, candidate)","h":"tanh(m)"}},"holes":{"candidate":["tanh","relu"]},"contains":[]}},"space":"space","task":{"name":"parity","train_length":3,"test_length":6},"baselines":{"lstm":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"},"o":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"c":"f * c_prev + i * g","h":"o * tanh(c)"},"cell":"lstm"}}}', '2026-11-29T11:15:39.501707+00:00', 'finished', 1795950939520414, 16);
INSERT INTO public.archsearch_trials VALUES (1, 0, '{"candidate":"identity","peepholes.output":"yes","squash":"tanh","training.learning_rate":"0.02"}', '90928d38b474d70d', 'complete', 0.4375, NULL, '', '2026-11-29T11:15:36.927122+00:00', '2026-11-29T11:15:37.075909+00:00');
INSERT INTO public.archsearch_trials VALUES (1, 1, '{"candidate":"identity","peepholes.output":"yes","squash":"tanh","training.learning_rate":"0.02"}', '90928d38b474d70d', 'complete', 0.4375, 0, '', '2026-11-29T11:15:37.196027+00:00', '2026-11-29T11:15:37.196027+00:00');
INSERT INTO public.archsearch_trials VALUES (1, 2, '{"candidate":"relu","peepholes.output":"no","squash":"identity","training.learning_rate":"0.01"}', '20f010121409257c', 'complete', 0.375, NULL, '', '2026-11-29T11:15:37.245069+00:00', '2026-11-29T11:15:37.376927+00:00');
INSERT INTO public.archsearch_trials VALUES (1, 3, '{"candidate":"identity","peepholes.output":"no","squash":"identity","training.learning_rate":"0.01"}', 'bb007fb6cdcd6008', 'complete', 0, NULL, '', '2026-11-29T11:15:37.444853+00:00', '2026-11-29T11:15:37.629233+00:00');
INSERT INTO public.archsearch_trials VALUES (1, 4, '{"candidate":"identity","peepholes.output":"yes","squash":"tanh","training.learning_rate":"0.01"}', '74c9fb12c631c9cd', 'complete', 0.375, NULL, '', '2026-11-29T11:15:37.721255+00:00', '2026-11-29T11:15:37.897184+00:00');
INSERT INTO public.archsearch_trials VALUES (1, 5, '{"candidate":"relu","peepholes.output":"no","squash":"tanh","training.learning_rate":"0.02"}', 'a3d250318661ccef', 'complete', 0.5, NULL, '', '2026-11-29T11:15:37.960431+00:00', '2026-11-29T11:15:38.078161+00:00');
INSERT INTO public.archsearch_trials VALUES (2, 0, '{"candidate":"tanh","training.learning_rate":"0.01"}', 'a8d88aacefabe59e', 'complete', 0.625, NULL, '', '2026-11-29T11:15:44.013992+00:00', '2026-11-29T11:15:44.152089+00:00');
INSERT INTO public.archsearch_trials VALUES (2, 1, '{"candidate":"tanh","training.learning_rate":"0.01"}', 'a8d88aacefabe59e', 'complete', 0.625, 0, '', '2026-11-29T11:15:44.259590+00:00', '2026-11-29T11:15:44.259590+00:00');
INSERT INTO public.archsearch_trials VALUES (2, 2, '{"candidate":"relu","training.learning_rate":"0.02"}', 'd036b4630d956dfd', 'complete', 0.625, NULL, '', '2026-11-29T11:15:44.299969+00:00', '2026-11-29T11:15:44.407614+00:00');
INSERT INTO public.archsearch_weights VALUES (8, '\x00040000000000007b22686561642e62696173223a7b226474797065223a22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c385d7d2c22686561642e776569676874223a7b226474797065223a22463332222c227368617065223a5b322c345d2c22646174615f6f666673657473223a5b382c34305d7d2c226c61796572732e302e662e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b34302c35365d7d2c226c61796572732e302e662e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b35362c38385d7d2c226c61796572732e302e662e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b38382c3135325d7d2c226c61796572732e302e672e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3135322c3136385d7d2c226c61796572732e302e672e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3136382c3230305d7d2c226c61796572732e302e672e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3230302c3236345d7d2c226c61796572732e302e692e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3236342c3238305d7d2c226c61796572732e302e692e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3238302c3331325d7d2c226c61796572732e302e692e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3331322c3337365d7d2c226c61796572732e302e6f2e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3337362c3339325d7d2c226c61796572732e302e6f2e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3339322c3432345d7d2c226c61796572732e302e6f2e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3432342c3438385d7d7d20ce11d43ccc11d4bc3787b53ecd43a4bddf2ae4be6659053f440e97bea68c803e74f6c9be7ac88ebe0000803fe3047c3fa8b6843fdbe7803f2d192b3e85b092be085b36be1f159bbd15be0dbe9e79db3dc3bff03e420be93d62b7a3bd05cf353e2c45253eca26db3e55de7cbd39078bbda9c083be52d56fbec457a83e2c4ba5bdfaa6e83eddd22d3d6e8889be7e62a0be4e7882bd5b1e783e000000008e63d2bc763694bc865fc13c1d1ad9bd99ce5bbe1883ca3e4ba8653e7248bc3ed5b9693ec41d13be126d9c3a451baa3e74c403bed06784be5284a43eafb291bde6de643e6cc1893e7518a4bda57fbebee57d833e7cd7f23ee42ae2be7a411d3e854ae9bde27bae3e5b197ebe000000009ce6c7bc44b48fbc2c63d63c2e92a73ef733ed3ef68630beffed4d3eea0c053fd2cbdb3e95335fbe0ca7d43d5c1ece3ee7f06c3efefa673e915fbcbe2da0b73e38e098bda6f9f03ebf8fd63eaf32b83ec777dd3e893683bebc92dabe94d576bea06c4e3ea456683cf82ad53e00000000eb2ec0bc168789bc6d2db53c326de13c7064893e8ce74bbe353992bda078a73ea5c3a03dd23903bfbfe0853c1b555c3ded4982bd43a7bcbeee47efbde42844bdbc5ab53ccade01bfb0f7e03d274fe23e906ca6becbe162be1f2faa3d0db2773d76a38d3b55addb3ec42fa2be');
INSERT INTO public.archsearch_weights VALUES (9, '\x60010000000000007b22686561642e62696173223a7b226474797065223a22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c385d7d2c22686561642e776569676874223a7b226474797065223a22463332222c227368617065223a5b322c345d2c22646174615f6f666673657473223a5b382c34305d7d2c226c61796572732e302e682e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b34302c35365d7d2c226c61796572732e302e682e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b35362c38385d7d2c226c61796572732e302e682e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b38382c3135325d7d7d20202020fa2c6b3cfa2c6bbcb944383ed7318bbeaaad51be5fbf37bd65f442be2632023e4089f13ed67aa33d06218a3c2b7356bca03b6dbc5e8f39bc0d1daf3e912cf73e24d828be8de95c3eb4b4f13e6055e03e949364beb858813d518ad33e664e783e1fc4733e094ab2bef9dcb43ec09093bd96ccf13ead8dcf3e5172b33ebde8c43e15699cbe79a6e1be60a67dbe9cbe213e7394f2bcce4ec83e');
INSERT INTO public.archsearch_weights VALUES (10, '\x00040000000000007b22686561642e62696173223a7b226474797065223a22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c385d7d2c22686561642e776569676874223a7b226474797065223a22463332222c227368617065223a5b322c345d2c22646174615f6f666673657473223a5b382c34305d7d2c226c61796572732e302e662e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b34302c35365d7d2c226c61796572732e302e662e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b35362c38385d7d2c226c61796572732e302e662e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b38382c3135325d7d2c226c61796572732e302e672e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3135322c3136385d7d2c226c61796572732e302e672e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3136382c3230305d7d2c226c61796572732e302e672e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3230302c3236345d7d2c226c61796572732e302e692e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3236342c3238305d7d2c226c61796572732e302e692e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3238302c3331325d7d2c226c61796572732e302e692e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3331322c3337365d7d2c226c61796572732e302e6f2e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3337362c3339325d7d2c226c61796572732e302e6f2e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3339322c3432345d7d2c226c61796572732e302e6f2e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3432342c3438385d7d7d20c73b213dc73b21bd11d382be9c97d23e06e1ccbefd33e53e7c38cbbe2a68ddbd506d9bbe6f2ab93efb167e3f0c797c3f0000803fd08b843f66ae013ea57a9abd451577beb788d0bed7b3813ecaf373bd66d507bda457e4bd3458653e7b2fbf3e2710a8be30fcc3bec436c43c41bbffbe1a25833d6076bdbe4d40ae3ecf36e9be682e6f3ec4cf0d3df9c3fa3ee1c0c0be4d0ad03deeb3e23e3dd1113daaef233d0000000004e4debbb03acf3e49cbfabc872fc13edcb2ffbeb7c832be4967d6be7c6f11be82afcc3ee582e83e4b32193df976a3be6d52ddbe5cf0353d3adc01bf5b63aebe534e523e485e8dbed1a6debe239a58be367bfe3e422c853e820610bedb62e9bead5bb53e50ec1a3d62df233d00000000b6f2d7bb1ead1a3d904cbabe4f680f3e1a90d33e676db73e0c267abdd940da3e86a2843eaa52d7be8a82193e13f5f93ea29f95be0b4c04bf73da043e2f16a73ea109133c50c62b3e2437cdbd567ad6be55a27f3d5c7be7be23f8db3e1242be3d774869beb3f71b3d606b223d0000000002f1cfbbaa993dbed46c8dbb68d9fe3ec1e0eebe523781be7ed5963ed85c923eeb46da3d89ad9c3ecd69d8bd1770b7becd0abb3e3938f4be2071d83eb6151c3eb7f5903d4ab4a13e3801e23cf5de14be4fa1e1be7111d3bee1f31ebe4e246ebd1150a83e');
INSERT INTO public.archsearch_weights VALUES (11, '\x60010000000000007b22686561642e62696173223a7b226474797065223a22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c385d7d2c22686561642e776569676874223a7b226474797065223a22463332222c227368617065223a5b322c345d2c22646174615f6f666673657473223a5b382c34305d7d2c226c61796572732e302e682e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b34302c35365d7d2c226c61796572732e302e682e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b35362c38385d7d2c226c61796572732e302e682e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b38382c3135325d7d7d202020207bf2a13c7cf2a1bcecf9113eb4ce52bde05e42beded4c1bef3a68a3e5a4ea0bd02d6c2bc5c102cbe6893a3bc9ca996bccdcda2bc12a3a1bc32dc98bc8547afbe28dfe63d7abdca3eb7a1ad3ee70f6fbd1867d03e81348a3e1f3ac3be7ed7223ea2c4013f4d5383be3364eebe47bb143ea4829d3e76b0c63caa563f3e6041f5bd7fe8cdbea967863d922fdabe8d1bd73e049be03d7d5885be');
INSERT INTO public.archsearch_weights VALUES (16, '\x78010000000000007b22686561642e62696173223a7b226474797065223a22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c385d7d2c22686561642e776569676874223a7b226474797065223a22463332222c227368617065223a5b322c345d2c22646174615f6f666673657473223a5b382c34305d7d2c226c61796572732e302e63616e6469646174652e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b34302c35365d7d2c226c61796572732e302e63616e6469646174652e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b35362c38385d7d2c226c61796572732e302e63616e6469646174652e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b38382c3135325d7d7d20202020f67e6e3cf67e6ebc442a393ed4ef8cbe42b550be8b5878bdf0d943be20ae053e0d0df13e6bc7c33d12f5753c2a8754bc5a6f7cbce22786bc4a64af3e0043f43ec09033bef398633e8ab6f03e6e54df3e799773be8d82913d5ddad33e9b48773e9aac743eb70cbabe1072b23e821295bdeb84ed3e45b0e33e0fe9b33e3e7bc53ecc0a9cbe8d49cebec4f783be10cd163eb6b121bde903cc3e');
INSERT INTO public.archsearch_weights VALUES (17, '\x00040000000000007b22686561642e62696173223a7b226474797065223a22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c385d7d2c22686561642e776569676874223a7b226474797065223a22463332222c227368617065223a5b322c345d2c22646174615f6f666673657473223a5b382c34305d7d2c226c61796572732e302e662e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b34302c35365d7d2c226c61796572732e302e662e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b35362c38385d7d2c226c61796572732e302e662e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b38382c3135325d7d2c226c61796572732e302e672e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3135322c3136385d7d2c226c61796572732e302e672e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3136382c3230305d7d2c226c61796572732e302e672e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3230302c3236345d7d2c226c61796572732e302e692e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3236342c3238305d7d2c226c61796572732e302e692e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3238302c3331325d7d2c226c61796572732e302e692e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3331322c3337365d7d2c226c61796572732e302e6f2e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3337362c3339325d7d2c226c61796572732e302e6f2e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3339322c3432345d7d2c226c61796572732e302e6f2e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3432342c3438385d7d7d2004ce603c04ce60bc9bebae3e7a3fb9bd9a68e8be1ad9f73ea87290be92cb853eb8b8c5be8edd77be19b4debb237418bc6297d2bb32ea47bcda753f3ed6f69bbe2ede4abebc316fbd9d5621be1b6cfe3da0ff003fd2fe703dc49193bdb0162e3e585c1e3ee742de3e61dd57bddc0d7abd10db80beae6b5ebea6b5ab3ecd78fbbdecabd23ead075d3deaea84bed620aabeddf2a6bd6803823ef5fb413cec8f5fbc8dcc4ebccead523c38dcc9bdc46f4dbe29d4ce3ec0e4733e6940bc3e2e6a713e9bc40cbe7a46f1bbd271a63eb44af7bd789280bed4399f3e0b4d73bd84d76e3e8d8f8e3ec3ee6fbd95c0babe50fb823eadd8f13e6023d9be6ec3113ecb0c0dbe1259a23e7e9199bee8284abc94ec4dbcd4a340bced281ebc5ee5b03e7a61e53ed70328bee3165d3edb5bf43ee71de13e15d968be3f43843dc8afd43e5f6f5f3e75d85a3e7834b5bed01eba3eac1792bda351f23ecfa1db3ee811ba3e5bc3c73e1ed898beca45e1be059585be14633c3eb02e36bb860cba3e596743bc70294bbc1c363fbc61f012bca287403d2894803ead9460bedc645dbd5da59c3eed44c03d0d8300bfb12e22bdbcbd853dcd7f98bd8e97c1be2358debd5b0825bdd04ae53c7bdc00bf8079f83d1ebee53e07a7bbbee33787bed43b953df4bf263dd00a78bb8446d83e45f8bdbe');
INSERT INTO public.archsearch_weights VALUES (18, '\x78010000000000007b22686561642e62696173223a7b226474797065223a22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c385d7d2c22686561642e776569676874223a7b226474797065223a22463332222c227368617065223a5b322c345d2c22646174615f6f666673657473223a5b382c34305d7d2c226c61796572732e302e63616e6469646174652e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b34302c35365d7d2c226c61796572732e302e63616e6469646174652e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b35362c38385d7d2c226c61796572732e302e63616e6469646174652e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b38382c3135325d7d7d202020200613a23c0513a2bc4eee103ed92c55bd156640be7fe8c1bec12c8b3e471f9fbd639cd2bc1ae92bbeecefa3bc3b4ca2bc0bc3a1bc4fada2bc1ad6a5bc3a4caabe356eb23ddd07ca3e703ead3ec629a4bdf921d03effb58a3e625abdbe62e73a3e3491013f273284bed1f2edbe43eb293efd4bad3e3b80523dce64333e8974dcbd0cabd2be8a27613d88d2d8be1e35d83e3fb5d33d52e385be');
INSERT INTO public.archsearch_weights VALUES (19, '\x00040000000000007b22686561642e62696173223a7b226474797065223a22463332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b302c385d7d2c22686561642e776569676874223a7b226474797065223a22463332222c227368617065223a5b322c345d2c22646174615f6f666673657473223a5b382c34305d7d2c226c61796572732e302e662e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b34302c35365d7d2c226c61796572732e302e662e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b35362c38385d7d2c226c61796572732e302e662e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b38382c3135325d7d2c226c61796572732e302e672e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3135322c3136385d7d2c226c61796572732e302e672e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3136382c3230305d7d2c226c61796572732e302e672e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3230302c3236345d7d2c226c61796572732e302e692e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3236342c3238305d7d2c226c61796572732e302e692e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3238302c3331325d7d2c226c61796572732e302e692e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3331322c3337365d7d2c226c61796572732e302e6f2e62696173223a7b226474797065223a22463332222c227368617065223a5b345d2c22646174615f6f666673657473223a5b3337362c3339325d7d2c226c61796572732e302e6f2e6c696e6561722e30223a7b226474797065223a22463332222c227368617065223a5b342c325d2c22646174615f6f666673657473223a5b3339322c3432345d7d2c226c61796572732e302e6f2e6c696e6561722e31223a7b226474797065223a22463332222c227368617065223a5b342c345d2c22646174615f6f666673657473223a5b3432342c3438385d7d7d203e2aa13c3e2aa1bc3db48cbecd65c33e9c46d6be68d5d03e5057c1beefa0a0bdba0792be0489cd3e12fd4abb40389abc307e963c402b4f3ca694123e501356bdb26640be5f31d6bedf0f733e92ff24bdd9dfcdbcbd6c07be2cbe693e43f9c03e0adca6be4c94ccbe4aa2a73c2a74fbbe74c4a93d3b7ac2be69a8ac3ea36bf3bed3215c3ef64e5c3d08f9013ff049b5be5dcfbf3ddec1d23e3eb99a3ce810a23c2f119abcfe2a94bc7563c53ee4b1a93b94bdb63ec8bff6be623f46be58f9dfbe51d30dbe8e73c63efe84f23e62e3183dc7ebacbeb60ac6be26248f3d40d7fbbe77edacbe83d5843e650c8bbe817ed4be05f645be6a9bf43e70817f3eece317be2d36dfbe7da5a83eacdd963c5979413cd8b1953cd61f9cbcb017973cbbdab3beaf31f53d30e1d53e1e7ac13e71e030bd26e2d63ed94a7d3e804dccbeb0394a3e5f15003fd3628bbe206100bf0de93a3efe52b13e46a3b83c35f8273e9d20f0bddc2fe0befebda83d983eedbea136d83ed040a93d75de7ebe90db983cecc1d73b84eb963cc4c29bbc81be52beccffa03cd9cbf43e068ef4be86f16ebe9639a03e6853a03e5cbfeb3dadd5a13e567291bd4eb5b1be9093c03ecfdff2be4671eb3eff8f303ef91c9c3db5869f3ec81b0e3c871628bed280d7be032bd9bead1c27bef7398fbd265e9d3e');
INSERT INTO public.studies VALUES (1, 'wired');
INSERT INTO public.studies VALUES (2, 'celled');
INSERT INTO public.study_directions VALUES (1, 'MAXIMIZE', 1, 0);
INSERT INTO public.study_directions VALUES (2, 'MAXIMIZE', 2, 0);
INSERT INTO public.study_user_attributes VALUES (1, 1, 'archsearch', 'true');
INSERT INTO public.study_user_attributes VALUES (2, 2, 'archsearch', 'true');
INSERT INTO public.trial_intermediate_values VALUES (1, 1, 1, 0.375, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (2, 1, 2, 0.4375, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (3, 2, 1, 0.375, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (4, 2, 2, 0.4375, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (5, 3, 1, 0.375, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (6, 3, 2, 0.375, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (7, 4, 1, 0, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (8, 4, 2, 0, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (9, 5, 1, 0.375, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (10, 5, 2, 0.375, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (11, 6, 1, 0.5, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (12, 6, 2, 0.5, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (13, 7, 1, 0.625, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (14, 7, 2, 0.625, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (15, 8, 1, 0.625, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (16, 8, 2, 0.625, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (17, 9, 1, 0.625, 'FINITE');
INSERT INTO public.trial_intermediate_values VALUES (18, 9, 2, 0.625, 'FINITE');
INSERT INTO public.trial_params VALUES (1, 1, 'candidate', 2, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO public.trial_params VALUES (2, 1, 'peepholes.output', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO public.trial_params VALUES (3, 1, 'squash', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO public.trial_params VALUES (4, 1, 'training.learning_rate', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO public.trial_params VALUES (5, 2, 'candidate', 2, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO public.trial_params VALUES (6, 2, 'peepholes.output', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO public.trial_params VALUES (7, 2, 'squash', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO public.trial_params VALUES (8, 2, 'training.learning_rate', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO public.trial_params VALUES (9, 3, 'candidate', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO public.trial_params VALUES (10, 3, 'peepholes.output', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO public.trial_params VALUES (11, 3, 'squash', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO public.trial_params VALUES (12, 3, 'training.learning_rate', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO public.trial_params VALUES (13, 4, 'candidate', 2, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO public.trial_params VALUES (14, 4, 'peepholes.output', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO public.trial_params VALUES (15, 4, 'squash', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO public.trial_params VALUES (16, 4, 'training.learning_rate', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO public.trial_params VALUES (17, 5, 'candidate', 2, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO public.trial_params VALUES (18, 5, 'peepholes.output', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO public.trial_params VALUES (19, 5, 'squash', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO public.trial_params VALUES (20, 5, 'training.learning_rate', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO public.trial_params VALUES (21, 6, 'candidate', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO public.trial_params VALUES (22, 6, 'peepholes.output', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO public.trial_params VALUES (23, 6, 'squash', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO public.trial_params VALUES (24, 6, 'training.learning_rate', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO public.trial_params VALUES (25, 7, 'candidate', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu"]}}');
INSERT INTO public.trial_params VALUES (26, 7, 'training.learning_rate', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO public.trial_params VALUES (27, 8, 'candidate', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu"]}}');
INSERT INTO public.trial_params VALUES (28, 8, 'training.learning_rate', 0, '{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO public.trial_params VALUES (29, 9, 'candidate', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu"]}}');
INSERT INTO public.trial_params VALUES (30, 9, 'training.learning_rate', 1, '{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO public.trial_user_attributes VALUES (1, 1, 'archsearch_number', '0');
INSERT INTO public.trial_user_attributes VALUES (2, 1, 'spec_id', '"90928d38b474d70d"');
INSERT INTO public.trial_user_attributes VALUES (3, 1, 'arch_id', '"68e67cabb328b28b"');
INSERT INTO public.trial_user_attributes VALUES (4, 1, 'line', '"lstm_b, candidate identity, peephole(output); learning_rate=0.02"');
INSERT INTO public.trial_user_attributes VALUES (5, 2, 'archsearch_number', '1');
INSERT INTO public.trial_user_attributes VALUES (6, 2, 'spec_id', '"90928d38b474d70d"');
INSERT INTO public.trial_user_attributes VALUES (7, 2, 'arch_id', '"68e67cabb328b28b"');
INSERT INTO public.trial_user_attributes VALUES (8, 2, 'line', '"lstm_b, candidate identity, peephole(output); learning_rate=0.02"');
INSERT INTO public.trial_user_attributes VALUES (9, 2, 'repeat_of', '0');
INSERT INTO public.trial_user_attributes VALUES (10, 3, 'archsearch_number', '2');
INSERT INTO public.trial_user_attributes VALUES (11, 3, 'spec_id', '"20f010121409257c"');
INSERT INTO public.trial_user_attributes VALUES (12, 3, 'arch_id', '"5367b880f1fdda93"');
INSERT INTO public.trial_user_attributes VALUES (13, 3, 'line', '"lstm_b, squash identity, candidate relu; learning_rate=0.01"');
INSERT INTO public.trial_user_attributes VALUES (14, 4, 'archsearch_number', '3');
INSERT INTO public.trial_user_attributes VALUES (15, 4, 'spec_id', '"bb007fb6cdcd6008"');
INSERT INTO public.trial_user_attributes VALUES (16, 4, 'arch_id', '"078b7ae39177532b"');
INSERT INTO public.trial_user_attributes VALUES (17, 4, 'line', '"lstm_b, squash identity, candidate identity; learning_rate=0.01"');
INSERT INTO public.trial_user_attributes VALUES (18, 5, 'archsearch_number', '4');
INSERT INTO public.trial_user_attributes VALUES (19, 5, 'spec_id', '"74c9fb12c631c9cd"');
INSERT INTO public.trial_user_attributes VALUES (20, 5, 'arch_id', '"68e67cabb328b28b"');
INSERT INTO public.trial_user_attributes VALUES (21, 5, 'line', '"lstm_b, candidate identity, peephole(output); learning_rate=0.01"');
INSERT INTO public.trial_user_attributes VALUES (22, 6, 'archsearch_number', '5');
INSERT INTO public.trial_user_attributes VALUES (23, 6, 'spec_id', '"a3d250318661ccef"');
INSERT INTO public.trial_user_attributes VALUES (24, 6, 'arch_id', '"200d86cebc078196"');
INSERT INTO public.trial_user_attributes VALUES (25, 6, 'line', '"lstm_b, candidate relu; learning_rate=0.02"');
INSERT INTO public.trial_user_attributes VALUES (26, 7, 'archsearch_number', '0');
INSERT INTO public.trial_user_attributes VALUES (27, 7, 'spec_id', '"a8d88aacefabe59e"');
INSERT INTO public.trial_user_attributes VALUES (28, 7, 'arch_id', '"35a70e33eb67d4b4"');
INSERT INTO public.trial_user_attributes VALUES (29, 7, 'line', '"candidate=tanh; learning_rate=0.01"');
INSERT INTO public.trial_user_attributes VALUES (30, 8, 'archsearch_number', '1');
INSERT INTO public.trial_user_attributes VALUES (31, 8, 'spec_id', '"a8d88aacefabe59e"');
INSERT INTO public.trial_user_attributes VALUES (32, 8, 'arch_id', '"35a70e33eb67d4b4"');
INSERT INTO public.trial_user_attributes VALUES (33, 8, 'line', '"candidate=tanh; learning_rate=0.01"');
INSERT INTO public.trial_user_attributes VALUES (34, 8, 'repeat_of', '0');
INSERT INTO public.trial_user_attributes VALUES (35, 9, 'archsearch_number', '2');
INSERT INTO public.trial_user_attributes VALUES (36, 9, 'spec_id', '"d036b4630d956dfd"');
INSERT INTO public.trial_user_attributes VALUES (37, 9, 'arch_id', '"665a3ba2fd9e9b1e"');
INSERT INTO public.trial_user_attributes VALUES (38, 9, 'line', '"candidate=relu; learning_rate=0.02"');
INSERT INTO public.trial_values VALUES (1, 1, 0, 0.4375, 'FINITE');
INSERT INTO public.trial_values VALUES (2, 2, 0, 0.4375, 'FINITE');
INSERT INTO public.trial_values VALUES (3, 3, 0, 0.375, 'FINITE');
INSERT INTO public.trial_values VALUES (4, 4, 0, 0, 'FINITE');
INSERT INTO public.trial_values VALUES (5, 5, 0, 0.375, 'FINITE');
INSERT INTO public.trial_values VALUES (6, 6, 0, 0.5, 'FINITE');
INSERT INTO public.trial_values VALUES (7, 7, 0, 0.625, 'FINITE');
INSERT INTO public.trial_values VALUES (8, 8, 0, 0.625, 'FINITE');
INSERT INTO public.trial_values VALUES (9, 9, 0, 0.625, 'FINITE');
INSERT INTO public.trials VALUES (1, 0, 1, 'COMPLETE', '2026-11-29 11:15:36.927122', '2026-11-29 11:15:37.075909');
INSERT INTO public.trials VALUES (2, 1, 1, 'COMPLETE', '2026-11-29 11:15:37.196027', '2026-11-29 11:15:37.196027');
INSERT INTO public.trials VALUES (3, 2, 1, 'COMPLETE', '2026-11-29 11:15:37.245069', '2026-11-29 11:15:37.376927');
INSERT INTO public.trials VALUES (4, 3, 1, 'COMPLETE', '2026-11-29 11:15:37.444853', '2026-11-29 11:15:37.629233');
INSERT INTO public.trials VALUES (5, 4, 1, 'COMPLETE', '2026-11-29 11:15:37.721255', '2026-11-29 11:15:37.897184');
INSERT INTO public.trials VALUES (6, 5, 1, 'COMPLETE', '2026-11-29 11:15:37.960431', '2026-11-29 11:15:38.078161');
INSERT INTO public.trials VALUES (7, 0, 2, 'COMPLETE', '2026-11-29 11:15:44.013992', '2026-11-29 11:15:44.152089');
INSERT INTO public.trials VALUES (8, 1, 2, 'COMPLETE', '2026-11-29 11:15:44.25959', '2026-11-29 11:15:44.25959');
INSERT INTO public.trials VALUES (9, 2, 2, 'COMPLETE', '2026-11-29 11:15:44.299969', '2026-11-29 11:15:44.407614');
INSERT INTO public.version_info VALUES (1, 12, '5.0.0');
SELECT pg_catalog.setval('public.archsearch_entries_id_seq', 15, true);
SELECT pg_catalog.setval('public.archsearch_evaluations_id_seq', 19, true);
SELECT pg_catalog.setval('public.archsearch_studies_id_seq', 2, true);
SELECT pg_catalog.setval('public.studies_study_id_seq', 2, true);
SELECT pg_catalog.setval('public.study_directions_study_direction_id_seq', 2, true);
SELECT pg_catalog.setval('public.study_system_attributes_study_system_attribute_id_seq', 1, false);
SELECT pg_catalog.setval('public.study_user_attributes_study_user_attribute_id_seq', 2, true);
SELECT pg_catalog.setval('public.trial_heartbeats_trial_heartbeat_id_seq', 1, false);
SELECT pg_catalog.setval('public.trial_intermediate_values_trial_intermediate_value_id_seq', 18, true);
SELECT pg_catalog.setval('public.trial_params_param_id_seq', 30, true);
SELECT pg_catalog.setval('public.trial_system_attributes_trial_system_attribute_id_seq', 1, false);
SELECT pg_catalog.setval('public.trial_user_attributes_trial_user_attribute_id_seq', 38, true);
SELECT pg_catalog.setval('public.trial_values_trial_value_id_seq', 9, true);
SELECT pg_catalog.setval('public.trials_trial_id_seq', 9, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.archsearch_architectures
    ADD CONSTRAINT pk_archsearch_architectures PRIMARY KEY (arch_id);
ALTER TABLE ONLY public.archsearch_attempts
    ADD CONSTRAINT pk_archsearch_attempts PRIMARY KEY (study_id, phase, spec_id, seed_index, attempt);
ALTER TABLE ONLY public.archsearch_entries
    ADD CONSTRAINT pk_archsearch_entries PRIMARY KEY (id);
ALTER TABLE ONLY public.archsearch_environments
    ADD CONSTRAINT pk_archsearch_environments PRIMARY KEY (fingerprint);
ALTER TABLE ONLY public.archsearch_evaluations
    ADD CONSTRAINT pk_archsearch_evaluations PRIMARY KEY (id);
ALTER TABLE ONLY public.archsearch_jobs
    ADD CONSTRAINT pk_archsearch_jobs PRIMARY KEY (study_id);
ALTER TABLE ONLY public.archsearch_runs
    ADD CONSTRAINT pk_archsearch_runs PRIMARY KEY (study_id, phase, spec_id, seed_index);
ALTER TABLE ONLY public.archsearch_schema
    ADD CONSTRAINT pk_archsearch_schema PRIMARY KEY (version);
ALTER TABLE ONLY public.archsearch_specs
    ADD CONSTRAINT pk_archsearch_specs PRIMARY KEY (spec_id);
ALTER TABLE ONLY public.archsearch_studies
    ADD CONSTRAINT pk_archsearch_studies PRIMARY KEY (id);
ALTER TABLE ONLY public.archsearch_trials
    ADD CONSTRAINT pk_archsearch_trials PRIMARY KEY (study_id, number);
ALTER TABLE ONLY public.archsearch_weights
    ADD CONSTRAINT pk_archsearch_weights PRIMARY KEY (evaluation_id);
ALTER TABLE ONLY public.studies
    ADD CONSTRAINT studies_pkey PRIMARY KEY (study_id);
ALTER TABLE ONLY public.study_directions
    ADD CONSTRAINT study_directions_pkey PRIMARY KEY (study_direction_id);
ALTER TABLE ONLY public.study_directions
    ADD CONSTRAINT study_directions_study_id_objective_key UNIQUE (study_id, objective);
ALTER TABLE ONLY public.study_system_attributes
    ADD CONSTRAINT study_system_attributes_pkey PRIMARY KEY (study_system_attribute_id);
ALTER TABLE ONLY public.study_system_attributes
    ADD CONSTRAINT study_system_attributes_study_id_key_key UNIQUE (study_id, key);
ALTER TABLE ONLY public.study_user_attributes
    ADD CONSTRAINT study_user_attributes_pkey PRIMARY KEY (study_user_attribute_id);
ALTER TABLE ONLY public.study_user_attributes
    ADD CONSTRAINT study_user_attributes_study_id_key_key UNIQUE (study_id, key);
ALTER TABLE ONLY public.trial_heartbeats
    ADD CONSTRAINT trial_heartbeats_pkey PRIMARY KEY (trial_heartbeat_id);
ALTER TABLE ONLY public.trial_heartbeats
    ADD CONSTRAINT trial_heartbeats_trial_id_key UNIQUE (trial_id);
ALTER TABLE ONLY public.trial_intermediate_values
    ADD CONSTRAINT trial_intermediate_values_pkey PRIMARY KEY (trial_intermediate_value_id);
ALTER TABLE ONLY public.trial_intermediate_values
    ADD CONSTRAINT trial_intermediate_values_trial_id_step_key UNIQUE (trial_id, step);
ALTER TABLE ONLY public.trial_params
    ADD CONSTRAINT trial_params_pkey PRIMARY KEY (param_id);
ALTER TABLE ONLY public.trial_params
    ADD CONSTRAINT trial_params_trial_id_param_name_key UNIQUE (trial_id, param_name);
ALTER TABLE ONLY public.trial_system_attributes
    ADD CONSTRAINT trial_system_attributes_pkey PRIMARY KEY (trial_system_attribute_id);
ALTER TABLE ONLY public.trial_system_attributes
    ADD CONSTRAINT trial_system_attributes_trial_id_key_key UNIQUE (trial_id, key);
ALTER TABLE ONLY public.trial_user_attributes
    ADD CONSTRAINT trial_user_attributes_pkey PRIMARY KEY (trial_user_attribute_id);
ALTER TABLE ONLY public.trial_user_attributes
    ADD CONSTRAINT trial_user_attributes_trial_id_key_key UNIQUE (trial_id, key);
ALTER TABLE ONLY public.trial_values
    ADD CONSTRAINT trial_values_pkey PRIMARY KEY (trial_value_id);
ALTER TABLE ONLY public.trial_values
    ADD CONSTRAINT trial_values_trial_id_objective_key UNIQUE (trial_id, objective);
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT trials_pkey PRIMARY KEY (trial_id);
ALTER TABLE ONLY public.archsearch_entries
    ADD CONSTRAINT uq_archsearch_entries_study_id_phase_spec_id_role_label UNIQUE (study_id, phase, spec_id, role, label);
ALTER TABLE ONLY public.archsearch_studies
    ADD CONSTRAINT uq_archsearch_studies_name UNIQUE (name);
ALTER TABLE ONLY public.version_info
    ADD CONSTRAINT version_info_pkey PRIMARY KEY (version_info_id);
CREATE INDEX ix_archsearch_attempts_spec_id ON public.archsearch_attempts USING btree (spec_id);
CREATE INDEX ix_archsearch_entries_spec_id ON public.archsearch_entries USING btree (spec_id);
CREATE UNIQUE INDEX ix_archsearch_evaluations_complete_once ON public.archsearch_evaluations USING btree (key) WHERE (state = 'complete'::text);
CREATE INDEX ix_archsearch_evaluations_environment ON public.archsearch_evaluations USING btree (environment);
CREATE INDEX ix_archsearch_evaluations_spec_id ON public.archsearch_evaluations USING btree (spec_id);
CREATE INDEX ix_archsearch_runs_evaluation_id ON public.archsearch_runs USING btree (evaluation_id);
CREATE INDEX ix_archsearch_runs_spec_id ON public.archsearch_runs USING btree (spec_id);
CREATE INDEX ix_archsearch_specs_arch_id ON public.archsearch_specs USING btree (arch_id);
CREATE UNIQUE INDEX ix_archsearch_trials_one_per_spec ON public.archsearch_trials USING btree (study_id, spec_id) WHERE (repeat_of IS NULL);
CREATE INDEX ix_archsearch_trials_repeats ON public.archsearch_trials USING btree (study_id, repeat_of);
CREATE INDEX ix_archsearch_trials_spec_id ON public.archsearch_trials USING btree (spec_id);
CREATE UNIQUE INDEX ix_studies_study_name ON public.studies USING btree (study_name);
CREATE INDEX ix_trials_study_id ON public.trials USING btree (study_id);
ALTER TABLE ONLY public.archsearch_attempts
    ADD CONSTRAINT fk_archsearch_attempts_spec_id FOREIGN KEY (spec_id) REFERENCES public.archsearch_specs(spec_id);
ALTER TABLE ONLY public.archsearch_attempts
    ADD CONSTRAINT fk_archsearch_attempts_study_id FOREIGN KEY (study_id) REFERENCES public.archsearch_studies(id);
ALTER TABLE ONLY public.archsearch_entries
    ADD CONSTRAINT fk_archsearch_entries_spec_id FOREIGN KEY (spec_id) REFERENCES public.archsearch_specs(spec_id);
ALTER TABLE ONLY public.archsearch_entries
    ADD CONSTRAINT fk_archsearch_entries_study_id FOREIGN KEY (study_id) REFERENCES public.archsearch_studies(id);
ALTER TABLE ONLY public.archsearch_evaluations
    ADD CONSTRAINT fk_archsearch_evaluations_environment FOREIGN KEY (environment) REFERENCES public.archsearch_environments(fingerprint);
ALTER TABLE ONLY public.archsearch_evaluations
    ADD CONSTRAINT fk_archsearch_evaluations_spec_id FOREIGN KEY (spec_id) REFERENCES public.archsearch_specs(spec_id);
ALTER TABLE ONLY public.archsearch_jobs
    ADD CONSTRAINT fk_archsearch_jobs_study_id FOREIGN KEY (study_id) REFERENCES public.archsearch_studies(id);
ALTER TABLE ONLY public.archsearch_runs
    ADD CONSTRAINT fk_archsearch_runs_evaluation_id FOREIGN KEY (evaluation_id) REFERENCES public.archsearch_evaluations(id);
ALTER TABLE ONLY public.archsearch_runs
    ADD CONSTRAINT fk_archsearch_runs_spec_id FOREIGN KEY (spec_id) REFERENCES public.archsearch_specs(spec_id);
ALTER TABLE ONLY public.archsearch_runs
    ADD CONSTRAINT fk_archsearch_runs_study_id FOREIGN KEY (study_id) REFERENCES public.archsearch_studies(id);
ALTER TABLE ONLY public.archsearch_specs
    ADD CONSTRAINT fk_archsearch_specs_arch_id FOREIGN KEY (arch_id) REFERENCES public.archsearch_architectures(arch_id);
ALTER TABLE ONLY public.archsearch_trials
    ADD CONSTRAINT fk_archsearch_trials_spec_id FOREIGN KEY (spec_id) REFERENCES public.archsearch_specs(spec_id);
ALTER TABLE ONLY public.archsearch_trials
    ADD CONSTRAINT fk_archsearch_trials_study_id FOREIGN KEY (study_id) REFERENCES public.archsearch_studies(id);
ALTER TABLE ONLY public.archsearch_trials
    ADD CONSTRAINT fk_archsearch_trials_study_id_repeat_of FOREIGN KEY (study_id, repeat_of) REFERENCES public.archsearch_trials(study_id, number);
ALTER TABLE ONLY public.archsearch_weights
    ADD CONSTRAINT fk_archsearch_weights_evaluation_id FOREIGN KEY (evaluation_id) REFERENCES public.archsearch_evaluations(id);
ALTER TABLE ONLY public.study_directions
    ADD CONSTRAINT study_directions_study_id_fkey FOREIGN KEY (study_id) REFERENCES public.studies(study_id);
ALTER TABLE ONLY public.study_system_attributes
    ADD CONSTRAINT study_system_attributes_study_id_fkey FOREIGN KEY (study_id) REFERENCES public.studies(study_id);
ALTER TABLE ONLY public.study_user_attributes
    ADD CONSTRAINT study_user_attributes_study_id_fkey FOREIGN KEY (study_id) REFERENCES public.studies(study_id);
ALTER TABLE ONLY public.trial_heartbeats
    ADD CONSTRAINT trial_heartbeats_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trial_intermediate_values
    ADD CONSTRAINT trial_intermediate_values_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trial_params
    ADD CONSTRAINT trial_params_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trial_system_attributes
    ADD CONSTRAINT trial_system_attributes_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trial_user_attributes
    ADD CONSTRAINT trial_user_attributes_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trial_values
    ADD CONSTRAINT trial_values_trial_id_fkey FOREIGN KEY (trial_id) REFERENCES public.trials(trial_id);
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT trials_study_id_fkey FOREIGN KEY (study_id) REFERENCES public.studies(study_id);
