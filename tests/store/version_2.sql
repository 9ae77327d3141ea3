BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('v3.2.0.a');
CREATE TABLE archsearch_architectures (
	arch_id TEXT NOT NULL, 
	ir TEXT NOT NULL, 
	CONSTRAINT pk_archsearch_architectures PRIMARY KEY (arch_id)
);
INSERT INTO "archsearch_architectures" VALUES('90f01d3267f4e58a','cell rnn(x; h=0)
  h~ = affine W[x] + W[h_prev] + b(0)
  h = tanh h~
  -> h=h; output=h
');
INSERT INTO "archsearch_architectures" VALUES('c821b235577268bf','cell space(x; h=0)
  f~ = affine W[x] + W[h_prev] + b(0)
  f = sigmoid f~
  g~ = affine W[x] + W[h_prev] + b(0)
  g = max g~, 0
  h~1 = mul f, h_prev
  h = add h~1, g
  -> h=h; output=h
');
INSERT INTO "archsearch_architectures" VALUES('44c11b34f91675e4','cell space(x; h=0)
  f~ = affine W[h_prev] + b(0)
  f = sigmoid f~
  g~ = affine W[x] + W[h_prev] + b(0)
  g = max g~, 0
  h~1 = mul f, h_prev
  h = add h~1, g
  -> h=h; output=h
');
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
INSERT INTO "archsearch_attempts" VALUES(1,'search','65412980fdbc54bd',0,1,'killed','the process was killed from outside by SIGKILL',0,'2026-11-29T03:00:48.978846+00:00');
INSERT INTO "archsearch_attempts" VALUES(1,'search','65412980fdbc54bd',0,2,'killed','the process was killed from outside by SIGKILL',0,'2026-11-29T03:00:49.035589+00:00');
INSERT INTO "archsearch_attempts" VALUES(1,'search','65412980fdbc54bd',0,3,'killed','the process was killed from outside by SIGKILL',1,'2026-11-29T03:00:49.101209+00:00');
INSERT INTO "archsearch_attempts" VALUES(1,'search','65412980fdbc54bd',1,1,'killed','the process was killed from outside by SIGKILL',0,'2026-11-29T03:00:49.151210+00:00');
INSERT INTO "archsearch_attempts" VALUES(1,'search','65412980fdbc54bd',1,2,'killed','the process was killed from outside by SIGKILL',0,'2026-11-29T03:00:49.217816+00:00');
INSERT INTO "archsearch_attempts" VALUES(1,'search','65412980fdbc54bd',1,3,'killed','the process was killed from outside by SIGKILL',1,'2026-11-29T03:00:49.263826+00:00');
INSERT INTO "archsearch_attempts" VALUES(1,'report','aa2c8ec5dde8878f',0,1,'nan','the loss is nan',1,'2026-11-29T03:00:49.860438+00:00');
INSERT INTO "archsearch_attempts" VALUES(1,'report','aa2c8ec5dde8878f',1,1,'nan','the loss is nan',1,'2026-11-29T03:00:49.955361+00:00');
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
INSERT INTO "archsearch_entries" VALUES(1,1,'search','aa2c8ec5dde8878f','baseline','rnn',NULL);
INSERT INTO "archsearch_entries" VALUES(2,1,'search','65412980fdbc54bd','candidate','',NULL);
INSERT INTO "archsearch_entries" VALUES(3,1,'search','e192797d4cfddaa6','candidate','',NULL);
INSERT INTO "archsearch_entries" VALUES(4,1,'confirm','e192797d4cfddaa6','candidate','',1);
INSERT INTO "archsearch_entries" VALUES(5,1,'report','e192797d4cfddaa6','candidate','',1);
INSERT INTO "archsearch_entries" VALUES(6,1,'report','aa2c8ec5dde8878f','baseline','rnn',NULL);
CREATE TABLE archsearch_environments (
	fingerprint TEXT NOT NULL, 
	document TEXT NOT NULL, 
	CONSTRAINT pk_archsearch_environments PRIMARY KEY (fingerprint)
);
INSERT INTO "archsearch_environments" VALUES('09d95c7aa80e9d4a','{"archsearch":"0.1.0","cores":2,"gpus":[],"instruction_sets":["avx","avx2","avx512_bf16","avx512_bitalg","avx512_vbmi2","avx512_vnni","avx512_vpopcntdq","avx512bw","avx512cd","avx512dq","avx512f","avx512ifma","avx512vbmi","avx512vl","fma"],"numpy":"2.4.6","optuna":"5.0.0","platform":"Linux-6.18.44-fc-v669-x86_64-with-glibc2.36","processor":"AMD EPYC","python":"3.11.7","threads":1,"torch":"2.13.0+cpu"}');
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
INSERT INTO "archsearch_evaluations" VALUES(1,'c08e7c39b6943524ad52aca01dcd5bda69f8b6ac1605801c6d259d8dd1089077','aa2c8ec5dde8878f','{"length":10,"markers":2,"name":"temporal_order"}','1569470634269983100',96,'reference',1,'complete',8.48478301825419833903e-01,8.48478301825419833903e-01,8.48478301825419833903e-01,NULL,0,NULL,'[[32,0.8484783018254198]]',10,20,1,'cd8cd39f35a3d912','','[[1,0.2828261006084733],[2,0.5656522012169466],[3,0.8484783018254198]]',0.0,'09d95c7aa80e9d4a','2026-11-29T03:00:48.791796+00:00');
INSERT INTO "archsearch_evaluations" VALUES(2,'a7ae669dc5d671d5d79346216b2a919af986d5aa2fd898c23f78d96aa89f6171','aa2c8ec5dde8878f','{"length":10,"markers":2,"name":"temporal_order"}','879153732884472468',96,'reference',1,'complete',3.88692572818044368432e-01,3.88692572818044368432e-01,3.88692572818044368432e-01,NULL,0,NULL,'[[32,0.38869257281804437]]',10,20,1,'b05c2b50e9e97684','','[[1,0.12956419093934812],[2,0.25912838187869625],[3,0.38869257281804437]]',0.0,'09d95c7aa80e9d4a','2026-11-29T03:00:48.859850+00:00');
INSERT INTO "archsearch_evaluations" VALUES(3,'e45339d680604e8ad0b99081df065cbf404d74bf4054166aef72b654c4b07d6f','e192797d4cfddaa6','{"length":10,"markers":2,"name":"temporal_order"}','1569470634269983100',96,'reference',1,'complete',1.26106470525158442796e-01,1.26106470525158442796e-01,1.26106470525158442796e-01,NULL,0,NULL,'[[32,0.12610647052515844]]',10,20,1,'eb8e13908a594932','','[[1,0.042035490175052814],[2,0.08407098035010563],[3,0.12610647052515844]]',0.0,'09d95c7aa80e9d4a','2026-11-29T03:00:49.489524+00:00');
INSERT INTO "archsearch_evaluations" VALUES(4,'4d6722a5ed128f42e40be3800be11ae08d68e06b44502ccf56c4fa4580f5e2aa','e192797d4cfddaa6','{"length":10,"markers":2,"name":"temporal_order"}','879153732884472468',96,'reference',1,'complete',4.58821086383792930973e-01,4.58821086383792930973e-01,4.58821086383792930973e-01,NULL,0,NULL,'[[32,0.45882108638379293]]',10,20,1,'9954da50095cbbd3','','[[1,0.15294036212793097],[2,0.30588072425586194],[3,0.45882108638379293]]',0.0,'09d95c7aa80e9d4a','2026-11-29T03:00:49.527547+00:00');
INSERT INTO "archsearch_evaluations" VALUES(5,'734622e5210cde6777aa5203fc6df894e27c42a53a93dfaf5901ddcd76c3e6d3','e192797d4cfddaa6','{"length":10,"markers":2,"name":"temporal_order"}','7657351031505179274',96,'reference',1,'complete',7.57679346417663879265e-01,7.57679346417663879265e-01,7.57679346417663879265e-01,NULL,0,NULL,'[[32,0.7576793464176639]]',10,20,1,'098b90e3cab3257c','','[[1,0.2525597821392213],[2,0.5051195642784426],[3,0.7576793464176639]]',0.0,'09d95c7aa80e9d4a','2026-11-29T03:00:49.672155+00:00');
INSERT INTO "archsearch_evaluations" VALUES(6,'a44f0fab016a1dd382164b9577335ee5bf6909b99bc8724c7f53f9d252da895e','e192797d4cfddaa6','{"length":10,"markers":2,"name":"temporal_order"}','3460465457541777998',96,'reference',1,'complete',1.40601099606776358541e-01,1.40601099606776358541e-01,1.40601099606776358541e-01,7.03005498033881792707e-02,0,NULL,'[[32,0.14060109960677636]]',10,20,1,'2a8c2872b7dab4bf','','[[1,0.04686703320225879],[2,0.09373406640451758],[3,0.14060109960677636]]',0.0,'09d95c7aa80e9d4a','2026-11-29T03:00:49.805431+00:00');
INSERT INTO "archsearch_evaluations" VALUES(7,'a43a570adca94c8655bd8afe95e3a3a8400657620b5cd61abed432fec5b82e1e','e192797d4cfddaa6','{"length":10,"markers":2,"name":"temporal_order"}','6604489737028690587',96,'reference',1,'complete',8.29534664217362660565e-01,8.29534664217362660565e-01,8.29534664217362660565e-01,4.14767332108681330282e-01,0,NULL,'[[32,0.8295346642173627]]',10,20,1,'17d0a889bb96bc3e','','[[1,0.27651155473912087],[2,0.5530231094782417],[3,0.8295346642173627]]',0.0,'09d95c7aa80e9d4a','2026-11-29T03:00:49.913522+00:00');
CREATE TABLE archsearch_jobs (
	study_id INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	workers INTEGER NOT NULL, 
	ticket INTEGER NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	crashes INTEGER DEFAULT '0' NOT NULL, 
	pid INTEGER, 
	pid_started DOUBLE, 
	host TEXT DEFAULT '' NOT NULL, 
	changed_at TEXT NOT NULL, 
	CONSTRAINT pk_archsearch_jobs PRIMARY KEY (study_id), 
	CONSTRAINT ck_archsearch_jobs_state CHECK (state IN ('created', 'queued', 'running', 'stopping', 'cancelled', 'failed')), 
	CONSTRAINT ck_archsearch_jobs_counts CHECK ((workers >= 1 AND crashes >= 0)), 
	CONSTRAINT fk_archsearch_jobs_study_id FOREIGN KEY(study_id) REFERENCES archsearch_studies (id)
);
INSERT INTO "archsearch_jobs" VALUES(2,'queued',1,1,'',0,NULL,NULL,'','2026-11-29T03:00:50.121201+00:00');
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
INSERT INTO "archsearch_runs" VALUES(1,'search','aa2c8ec5dde8878f',0,1,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'search','aa2c8ec5dde8878f',1,2,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'search','65412980fdbc54bd',0,NULL,'killed','the process was killed from outside by SIGKILL');
INSERT INTO "archsearch_runs" VALUES(1,'search','65412980fdbc54bd',1,NULL,'killed','the process was killed from outside by SIGKILL');
INSERT INTO "archsearch_runs" VALUES(1,'search','e192797d4cfddaa6',0,3,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'search','e192797d4cfddaa6',1,4,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'confirm','e192797d4cfddaa6',0,5,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'report','e192797d4cfddaa6',0,6,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'report','aa2c8ec5dde8878f',0,NULL,'nan','the loss is nan');
INSERT INTO "archsearch_runs" VALUES(1,'report','e192797d4cfddaa6',1,7,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'report','aa2c8ec5dde8878f',1,NULL,'nan','the loss is nan');
CREATE TABLE archsearch_schema (
	version INTEGER NOT NULL, 
	CONSTRAINT pk_archsearch_schema PRIMARY KEY (version)
);
INSERT INTO "archsearch_schema" VALUES(2);
CREATE TABLE archsearch_specs (
	spec_id TEXT NOT NULL, 
	arch_id TEXT NOT NULL, 
	document TEXT NOT NULL, 
	line TEXT NOT NULL, 
	CONSTRAINT pk_archsearch_specs PRIMARY KEY (spec_id), 
	CONSTRAINT fk_archsearch_specs_arch_id FOREIGN KEY(arch_id) REFERENCES archsearch_architectures (arch_id)
);
INSERT INTO "archsearch_specs" VALUES('aa2c8ec5dde8878f','90f01d3267f4e58a','{"cell":{"states":{"h":0.0},"output":"h","equations":{"h":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"}},"cell":"rnn"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":32,"sequences":96,"checks":3,"validation":512,"test":2000,"device":"cpu"}}','rnn');
INSERT INTO "archsearch_specs" VALUES('65412980fdbc54bd','c821b235577268bf','{"cell":{"states":{"h":0.0},"output":"h","equations":{"f":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"relu"},"h":"f * h_prev + g"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":32,"sequences":96,"checks":3,"validation":512,"test":2000,"device":"cpu"}}','keep=f * h_prev + g, reads(x, h_prev), phi=relu');
INSERT INTO "archsearch_specs" VALUES('e192797d4cfddaa6','44c11b34f91675e4','{"cell":{"states":{"h":0.0},"output":"h","equations":{"f":{"linear":["h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"relu"},"h":"f * h_prev + g"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":32,"sequences":96,"checks":3,"validation":512,"test":2000,"device":"cpu"}}','keep=f * h_prev + g, reads(h_prev), phi=relu');
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
INSERT INTO "archsearch_studies" VALUES(1,'small','{"study":{"study":"small","task":{"name":"temporal_order","length":10},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":null},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":32,"sequences":96,"checks":3,"validation":512,"test":2000,"device":"cpu"},"holes":{},"baselines":["rnn"],"search":{"sampler":"random","pruner":"none","trials":2,"seeds":2},"confirm":{"best":1,"seeds":1},"report":{"best":1,"seeds":2},"limits":{"seconds":60.0,"memory_mb":200,"parameters":10000000},"backend":["reference"],"seed":20,"space":{"cell":{"states":{"h":0.0},"output":"h","equations":{"f":{"linear":"$reads","activation":"sigmoid"},"g":{"linear":["x","h_prev"],"activation":"$phi"},"h":"$keep"}},"holes":{"reads":{"subset_of":["x","h_prev"],"at_least":1},"phi":["tanh","relu"],"keep":["f * g","f * h_prev + g","f * lost"]},"contains":[]}},"space":"space","task":{"name":"temporal_order","length":10,"markers":2},"baselines":{"rnn":{"states":{"h":0.0},"output":"h","equations":{"h":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"}},"cell":"rnn"}}}','2026-11-29T03:00:46.486563+00:00','finished');
INSERT INTO "archsearch_studies" VALUES(2,'waiting','{"study":{"study":"small","task":{"name":"temporal_order","length":10},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":null},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":32,"sequences":96,"checks":3,"validation":512,"test":2000,"device":"cpu"},"holes":{},"baselines":["rnn"],"search":{"sampler":"random","pruner":"none","trials":2,"seeds":2},"confirm":{"best":1,"seeds":1},"report":{"best":1,"seeds":2},"limits":{"seconds":60.0,"memory_mb":200,"parameters":10000000},"backend":["reference"],"seed":20,"space":{"cell":{"states":{"h":0.0},"output":"h","equations":{"f":{"linear":"$reads","activation":"sigmoid"},"g":{"linear":["x","h_prev"],"activation":"$phi"},"h":"$keep"}},"holes":{"reads":{"subset_of":["x","h_prev"],"at_least":1},"phi":["tanh","relu"],"keep":["f * g","f * h_prev + g","f * lost"]},"contains":[]}},"space":"space","task":{"name":"temporal_order","length":10,"markers":2},"baselines":{"rnn":{"states":{"h":0.0},"output":"h","equations":{"h":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"}},"cell":"rnn"}}}','2026-11-29T03:00:50.097162+00:00','interrupted');
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
INSERT INTO "archsearch_trials" VALUES(1,0,'{"keep":"f * h_prev + g","phi":"relu","reads.h_prev":"yes","reads.x":"yes"}','65412980fdbc54bd','failed',NULL,NULL,'','2026-11-29T03:00:48.926486+00:00','2026-11-29T03:00:49.263826+00:00');
INSERT INTO "archsearch_trials" VALUES(1,1,'{"keep":"f * h_prev + g","phi":"relu","reads.h_prev":"yes","reads.x":"yes"}','65412980fdbc54bd','failed',NULL,0,'','2026-11-29T03:00:49.354696+00:00','2026-11-29T03:00:49.354696+00:00');
INSERT INTO "archsearch_trials" VALUES(1,2,'{"keep":"f * h_prev + g","phi":"relu","reads.x":"no"}','e192797d4cfddaa6','complete',2.92463778454475686885e-01,NULL,'','2026-11-29T03:00:49.426455+00:00','2026-11-29T03:00:49.527547+00:00');
CREATE TABLE archsearch_weights (
	evaluation_id INTEGER NOT NULL, 
	safetensors BLOB NOT NULL, 
	CONSTRAINT pk_archsearch_weights PRIMARY KEY (evaluation_id), 
	CONSTRAINT fk_archsearch_weights_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES archsearch_evaluations (id)
);
INSERT INTO "archsearch_weights" VALUES(6,X'65633465363131623461663364313462');
INSERT INTO "archsearch_weights" VALUES(7,X'65633465363131623461663364313462');
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'small');
CREATE TABLE study_directions (
	study_direction_id INTEGER NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	study_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	PRIMARY KEY (study_direction_id), 
	UNIQUE (study_id, objective), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_directions" VALUES(1,'MAXIMIZE',1,0);
CREATE TABLE study_system_attributes (
	study_system_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_system_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
CREATE TABLE study_user_attributes (
	study_user_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_user_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_user_attributes" VALUES(1,1,'archsearch','true');
CREATE TABLE trial_heartbeats (
	trial_heartbeat_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	heartbeat DATETIME NOT NULL, 
	PRIMARY KEY (trial_heartbeat_id), 
	UNIQUE (trial_id), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_intermediate_values (
	trial_intermediate_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	intermediate_value FLOAT, 
	intermediate_value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_intermediate_value_id), 
	UNIQUE (trial_id, step), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_intermediate_values" VALUES(1,3,1,4.20354901750528142656e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,3,2,8.40709803501056285313e-02,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,3,3,1.26106470525158442796e-01,'FINITE');
CREATE TABLE trial_params (
	param_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	param_name VARCHAR(512), 
	param_value FLOAT, 
	distribution_json TEXT, 
	PRIMARY KEY (param_id), 
	UNIQUE (trial_id, param_name), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_params" VALUES(1,1,'keep',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["f * g", "f * h_prev + g", "f * lost"]}}');
INSERT INTO "trial_params" VALUES(2,1,'phi',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu"]}}');
INSERT INTO "trial_params" VALUES(3,1,'reads.h_prev',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO "trial_params" VALUES(4,1,'reads.x',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO "trial_params" VALUES(5,2,'keep',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["f * g", "f * h_prev + g", "f * lost"]}}');
INSERT INTO "trial_params" VALUES(6,2,'phi',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu"]}}');
INSERT INTO "trial_params" VALUES(7,2,'reads.h_prev',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO "trial_params" VALUES(8,2,'reads.x',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO "trial_params" VALUES(9,3,'keep',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["f * g", "f * h_prev + g", "f * lost"]}}');
INSERT INTO "trial_params" VALUES(10,3,'phi',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu"]}}');
INSERT INTO "trial_params" VALUES(11,3,'reads.x',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
CREATE TABLE trial_system_attributes (
	trial_system_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_system_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_user_attributes (
	trial_user_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_user_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_user_attributes" VALUES(1,1,'archsearch_number','0');
INSERT INTO "trial_user_attributes" VALUES(2,1,'spec_id','"65412980fdbc54bd"');
INSERT INTO "trial_user_attributes" VALUES(3,1,'arch_id','"c821b235577268bf"');
INSERT INTO "trial_user_attributes" VALUES(4,1,'line','"keep=f * h_prev + g, reads(x, h_prev), phi=relu"');
INSERT INTO "trial_user_attributes" VALUES(5,2,'archsearch_number','1');
INSERT INTO "trial_user_attributes" VALUES(6,2,'spec_id','"65412980fdbc54bd"');
INSERT INTO "trial_user_attributes" VALUES(7,2,'arch_id','"c821b235577268bf"');
INSERT INTO "trial_user_attributes" VALUES(8,2,'line','"keep=f * h_prev + g, reads(x, h_prev), phi=relu"');
INSERT INTO "trial_user_attributes" VALUES(9,2,'repeat_of','0');
INSERT INTO "trial_user_attributes" VALUES(10,3,'archsearch_number','2');
INSERT INTO "trial_user_attributes" VALUES(11,3,'spec_id','"e192797d4cfddaa6"');
INSERT INTO "trial_user_attributes" VALUES(12,3,'arch_id','"44c11b34f91675e4"');
INSERT INTO "trial_user_attributes" VALUES(13,3,'line','"keep=f * h_prev + g, reads(h_prev), phi=relu"');
CREATE TABLE trial_values (
	trial_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	value FLOAT, 
	value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_value_id), 
	UNIQUE (trial_id, objective), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_values" VALUES(1,3,0,2.92463778454475686885e-01,'FINITE');
CREATE TABLE trials (
	trial_id INTEGER NOT NULL, 
	number INTEGER, 
	study_id INTEGER, 
	state VARCHAR(8) NOT NULL, 
	datetime_start DATETIME, 
	datetime_complete DATETIME, 
	PRIMARY KEY (trial_id), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "trials" VALUES(1,0,1,'FAIL','2026-11-29 03:00:48.926486','2026-11-29 03:00:49.263826');
INSERT INTO "trials" VALUES(2,1,1,'FAIL','2026-11-29 03:00:49.354696','2026-11-29 03:00:49.354696');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-29 03:00:49.426455','2026-11-29 03:00:49.527547');
CREATE TABLE version_info (
	version_info_id INTEGER NOT NULL, 
	schema_version INTEGER, 
	library_version VARCHAR(256), 
	PRIMARY KEY (version_info_id), 
	CHECK (version_info_id=1)
);
INSERT INTO "version_info" VALUES(1,12,'5.0.0');
CREATE INDEX ix_archsearch_specs_arch_id ON archsearch_specs (arch_id);
CREATE INDEX ix_archsearch_trials_spec_id ON archsearch_trials (spec_id);
CREATE UNIQUE INDEX ix_archsearch_trials_one_per_spec ON archsearch_trials (study_id, spec_id) WHERE repeat_of IS NULL;
CREATE INDEX ix_archsearch_trials_repeats ON archsearch_trials (study_id, repeat_of);
CREATE INDEX ix_archsearch_entries_spec_id ON archsearch_entries (spec_id);
CREATE UNIQUE INDEX ix_archsearch_evaluations_complete_once ON archsearch_evaluations ("key") WHERE state = 'complete';
CREATE INDEX ix_archsearch_evaluations_spec_id ON archsearch_evaluations (spec_id);
CREATE INDEX ix_archsearch_evaluations_environment ON archsearch_evaluations (environment);
CREATE INDEX ix_archsearch_attempts_spec_id ON archsearch_attempts (spec_id);
CREATE INDEX ix_archsearch_runs_evaluation_id ON archsearch_runs (evaluation_id);
CREATE INDEX ix_archsearch_runs_spec_id ON archsearch_runs (spec_id);
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE INDEX ix_trials_study_id ON trials (study_id);
COMMIT;
