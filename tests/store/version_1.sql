BEGIN TRANSACTION;
CREATE TABLE archsearch_architectures (
	arch_id TEXT NOT NULL,
	ir TEXT NOT NULL,
	CONSTRAINT pk_archsearch_architectures PRIMARY KEY (arch_id)
);
INSERT INTO "archsearch_architectures" VALUES('a000000000000000','cell c0(x; h=0)');
INSERT INTO "archsearch_architectures" VALUES('a000000000000001','cell c1(x; h=0)');
CREATE TABLE archsearch_attempts (
	study_id INTEGER NOT NULL,
	phase TEXT NOT NULL,
	spec_id TEXT NOT NULL,
	seed_index INTEGER NOT NULL,
	attempt INTEGER NOT NULL,
	kind TEXT NOT NULL,
	reason TEXT NOT NULL,
	final BOOLEAN NOT NULL,
	at TEXT NOT NULL,
	CONSTRAINT pk_archsearch_attempts PRIMARY KEY (study_id, phase, spec_id, seed_index, attempt),
	CONSTRAINT ck_archsearch_attempts_phase CHECK (phase IN ('search', 'confirm', 'report')),
	CONSTRAINT fk_archsearch_attempts_study_id FOREIGN KEY(study_id) REFERENCES archsearch_studies (id),
	CONSTRAINT fk_archsearch_attempts_spec_id FOREIGN KEY(spec_id) REFERENCES archsearch_specs (spec_id)
);
INSERT INTO "archsearch_attempts" VALUES(1,'search','s000000000000001',0,1,'killed','signal 9',1,'2026-01-02T03:04:05.000000+00:00');
CREATE TABLE archsearch_entries (
	id INTEGER NOT NULL,
	study_id INTEGER NOT NULL,
	phase TEXT NOT NULL,
	spec_id TEXT NOT NULL,
	role TEXT NOT NULL,
	label TEXT NOT NULL,
	rank INTEGER,
	CONSTRAINT pk_archsearch_entries PRIMARY KEY (id),
	CONSTRAINT uq_archsearch_entries_study_id_phase_spec_id_role_label UNIQUE (study_id, phase, spec_id, role, label),
	CONSTRAINT ck_archsearch_entries_phase CHECK (phase IN ('search', 'confirm', 'report')),
	CONSTRAINT ck_archsearch_entries_role CHECK (role IN ('candidate', 'baseline')),
	CONSTRAINT fk_archsearch_entries_study_id FOREIGN KEY(study_id) REFERENCES archsearch_studies (id),
	CONSTRAINT fk_archsearch_entries_spec_id FOREIGN KEY(spec_id) REFERENCES archsearch_specs (spec_id)
);
INSERT INTO "archsearch_entries" VALUES(1,1,'search','s000000000000000','candidate','',NULL);
INSERT INTO "archsearch_entries" VALUES(2,1,'search','s000000000000001','candidate','',NULL);
CREATE TABLE archsearch_environments (
	fingerprint TEXT NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_archsearch_environments PRIMARY KEY (fingerprint)
);
INSERT INTO "archsearch_environments" VALUES('9a89342dc0bd1267','{"python":"3.11","torch":"2.13"}');
CREATE TABLE archsearch_evaluations (
	id INTEGER NOT NULL,
	"key" TEXT NOT NULL,
	spec_id TEXT NOT NULL,
	task TEXT NOT NULL,
	seed TEXT NOT NULL,
	budget BIGINT NOT NULL,
	backend TEXT NOT NULL,
	version INTEGER NOT NULL,
	state TEXT NOT NULL,
	objective DOUBLE,
	final DOUBLE,
	best DOUBLE,
	test DOUBLE,
	solved BOOLEAN,
	sequences_to_solve BIGINT,
	curve TEXT,
	parameters BIGINT,
	operations BIGINT,
	stages INTEGER,
	weights_hash TEXT,
	backend_reason TEXT DEFAULT '' NOT NULL,
	reports TEXT NOT NULL,
	seconds DOUBLE NOT NULL,
	environment TEXT NOT NULL,
	finished_at TEXT NOT NULL,
	CONSTRAINT pk_archsearch_evaluations PRIMARY KEY (id),
	CONSTRAINT ck_archsearch_evaluations_state CHECK (state IN ('complete', 'pruned')),
	CONSTRAINT ck_archsearch_evaluations_objective_in_unit CHECK (objective IS NULL OR (objective >= 0 AND objective <= 1)),
	CONSTRAINT ck_archsearch_evaluations_final_in_unit CHECK (final IS NULL OR (final >= 0 AND final <= 1)),
	CONSTRAINT ck_archsearch_evaluations_best_in_unit CHECK (best IS NULL OR (best >= 0 AND best <= 1)),
	CONSTRAINT ck_archsearch_evaluations_test_in_unit CHECK (test IS NULL OR (test >= 0 AND test <= 1)),
	CONSTRAINT ck_archsearch_evaluations_seconds_finite CHECK ((seconds >= 0 AND seconds <= 1e12)),
	CONSTRAINT ck_archsearch_evaluations_complete_has_score CHECK ((state <> 'complete' OR (objective IS NOT NULL AND final IS NOT NULL AND best IS NOT NULL AND solved IS NOT NULL AND curve IS NOT NULL AND parameters IS NOT NULL AND operations IS NOT NULL AND stages IS NOT NULL AND weights_hash IS NOT NULL))),
	CONSTRAINT fk_archsearch_evaluations_spec_id FOREIGN KEY(spec_id) REFERENCES archsearch_specs (spec_id),
	CONSTRAINT fk_archsearch_evaluations_environment FOREIGN KEY(environment) REFERENCES archsearch_environments (fingerprint)
);
INSERT INTO "archsearch_evaluations" VALUES(1,'8f063ee8032dd5f05adfd48fb9852536580a21936ae7140d6fea912282bca560','s000000000000000','{"length":50,"name":"adding"}','1',6400,'native',1,'complete',0.5,0.5,0.5,NULL,0,NULL,'[[32,0.5],[64,0.5]]',100,50,1,'0123456789abcdef','','[]',0.5,'9a89342dc0bd1267','2026-01-02T03:04:05.000000+00:00');
CREATE TABLE archsearch_runs (
	study_id INTEGER NOT NULL,
	phase TEXT NOT NULL,
	spec_id TEXT NOT NULL,
	seed_index INTEGER NOT NULL,
	evaluation_id INTEGER,
	kind TEXT,
	reason TEXT,
	CONSTRAINT pk_archsearch_runs PRIMARY KEY (study_id, phase, spec_id, seed_index),
	CONSTRAINT ck_archsearch_runs_phase CHECK (phase IN ('search', 'confirm', 'report')),
	CONSTRAINT ck_archsearch_runs_evaluation_or_failure CHECK (((evaluation_id IS NULL) = (kind IS NOT NULL))),
	CONSTRAINT ck_archsearch_runs_failure_has_reason CHECK (((kind IS NULL) = (reason IS NULL))),
	CONSTRAINT fk_archsearch_runs_study_id FOREIGN KEY(study_id) REFERENCES archsearch_studies (id),
	CONSTRAINT fk_archsearch_runs_spec_id FOREIGN KEY(spec_id) REFERENCES archsearch_specs (spec_id),
	CONSTRAINT fk_archsearch_runs_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES archsearch_evaluations (id)
);
INSERT INTO "archsearch_runs" VALUES(1,'search','s000000000000000',0,1,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'search','s000000000000001',0,NULL,'killed','signal 9');
CREATE TABLE archsearch_schema (
	version INTEGER NOT NULL,
	CONSTRAINT pk_archsearch_schema PRIMARY KEY (version)
);
INSERT INTO "archsearch_schema" VALUES(1);
CREATE TABLE archsearch_specs (
	spec_id TEXT NOT NULL,
	arch_id TEXT NOT NULL,
	document TEXT NOT NULL,
	line TEXT NOT NULL,
	CONSTRAINT pk_archsearch_specs PRIMARY KEY (spec_id),
	CONSTRAINT fk_archsearch_specs_arch_id FOREIGN KEY(arch_id) REFERENCES archsearch_architectures (arch_id)
);
INSERT INTO "archsearch_specs" VALUES('s000000000000000','a000000000000000','{"n":0}','line 0');
INSERT INTO "archsearch_specs" VALUES('s000000000000001','a000000000000001','{"n":1}','line 1');
CREATE TABLE archsearch_studies (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	definition TEXT NOT NULL,
	created_at TEXT NOT NULL,
	state TEXT NOT NULL,
	CONSTRAINT pk_archsearch_studies PRIMARY KEY (id),
	CONSTRAINT ck_archsearch_studies_state CHECK (state IN ('running', 'finished', 'exhausted', 'interrupted')),
	CONSTRAINT uq_archsearch_studies_name UNIQUE (name)
);
INSERT INTO "archsearch_studies" VALUES(1,'quick','{"study":"quick"}','2026-01-02T03:04:05.000000+00:00','running');
INSERT INTO "archsearch_studies" VALUES(2,'over','{"study":"over"}','2026-01-02T03:04:05.000000+00:00','finished');
CREATE TABLE archsearch_trials (
	study_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	choices TEXT NOT NULL,
	spec_id TEXT,
	state TEXT NOT NULL,
	value DOUBLE,
	repeat_of INTEGER,
	reason TEXT DEFAULT '' NOT NULL,
	proposed_at TEXT NOT NULL,
	finished_at TEXT,
	CONSTRAINT pk_archsearch_trials PRIMARY KEY (study_id, number),
	CONSTRAINT fk_archsearch_trials_study_id_repeat_of FOREIGN KEY(study_id, repeat_of) REFERENCES archsearch_trials (study_id, number),
	CONSTRAINT ck_archsearch_trials_state CHECK (state IN ('running', 'complete', 'pruned', 'failed')),
	CONSTRAINT ck_archsearch_trials_value_in_unit CHECK (value IS NULL OR (value >= 0 AND value <= 1)),
	CONSTRAINT ck_archsearch_trials_value_is_an_end CHECK ((value IS NULL OR state IN ('complete', 'pruned'))),
	CONSTRAINT ck_archsearch_trials_complete_has_value CHECK ((state <> 'complete' OR value IS NOT NULL)),
	CONSTRAINT ck_archsearch_trials_spec_or_failed CHECK ((spec_id IS NOT NULL OR state = 'failed')),
	CONSTRAINT ck_archsearch_trials_finished_at CHECK (((finished_at IS NULL) = (state = 'running'))),
	CONSTRAINT fk_archsearch_trials_study_id FOREIGN KEY(study_id) REFERENCES archsearch_studies (id),
	CONSTRAINT fk_archsearch_trials_spec_id FOREIGN KEY(spec_id) REFERENCES archsearch_specs (spec_id)
);
INSERT INTO "archsearch_trials" VALUES(1,0,'{"gate":"open","rate":0.5,"size":0}','s000000000000000','complete',0.5,NULL,'','2026-01-02T03:04:05.000000+00:00','2026-01-02T03:04:05.000000+00:00');
INSERT INTO "archsearch_trials" VALUES(1,1,'{"gate":"open","rate":0.5,"size":1}','s000000000000001','failed',NULL,NULL,'','2026-01-02T03:04:05.000000+00:00','2026-01-02T03:04:05.000000+00:00');
CREATE TABLE archsearch_weights (
	evaluation_id INTEGER NOT NULL,
	safetensors BLOB NOT NULL,
	CONSTRAINT pk_archsearch_weights PRIMARY KEY (evaluation_id),
	CONSTRAINT fk_archsearch_weights_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES archsearch_evaluations (id)
);
INSERT INTO "archsearch_weights" VALUES(1,X'77');
CREATE UNIQUE INDEX ix_archsearch_trials_one_per_spec ON archsearch_trials (study_id, spec_id) WHERE repeat_of IS NULL;
CREATE INDEX ix_archsearch_trials_repeats ON archsearch_trials (study_id, repeat_of);
CREATE UNIQUE INDEX ix_archsearch_evaluations_complete_once ON archsearch_evaluations ("key") WHERE state = 'complete';
COMMIT;
