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
INSERT INTO "archsearch_architectures" VALUES('68e67cabb328b28b','cell space(x; h=0, c=0)
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
INSERT INTO "archsearch_architectures" VALUES('5367b880f1fdda93','cell space(x; h=0, c=0)
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
INSERT INTO "archsearch_architectures" VALUES('078b7ae39177532b','cell space(x; h=0, c=0)
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
INSERT INTO "archsearch_architectures" VALUES('200d86cebc078196','cell space(x; h=0, c=0)
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
INSERT INTO "archsearch_architectures" VALUES('5aa8d30357737949','cell lstm(x; h=0, c=0)
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
INSERT INTO "archsearch_architectures" VALUES('35a70e33eb67d4b4','cell space(x; h=0, m=-inf)
  candidate~ = affine W[x] + W[h_prev] + b(0)
  candidate = tanh candidate~
  m = max m_prev, candidate
  h = tanh m
  -> h=h, m=m; output=h
');
INSERT INTO "archsearch_architectures" VALUES('665a3ba2fd9e9b1e','cell space(x; h=0, m=-inf)
  candidate~ = affine W[x] + W[h_prev] + b(0)
  candidate = where_le candidate~, 0, 0, candidate~
  m = max m_prev, candidate
  h = tanh m
  -> h=h, m=m; output=h
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
INSERT INTO "archsearch_entries" VALUES(1,1,'search','f0d58a672c7c1f3c','baseline','rnn',NULL);
INSERT INTO "archsearch_entries" VALUES(2,1,'search','90928d38b474d70d','candidate','',NULL);
INSERT INTO "archsearch_entries" VALUES(3,1,'search','20f010121409257c','candidate','',NULL);
INSERT INTO "archsearch_entries" VALUES(4,1,'search','bb007fb6cdcd6008','candidate','',NULL);
INSERT INTO "archsearch_entries" VALUES(5,1,'search','74c9fb12c631c9cd','candidate','',NULL);
INSERT INTO "archsearch_entries" VALUES(6,1,'search','a3d250318661ccef','candidate','',NULL);
INSERT INTO "archsearch_entries" VALUES(7,1,'confirm','a3d250318661ccef','candidate','',1);
INSERT INTO "archsearch_entries" VALUES(8,1,'report','a3d250318661ccef','candidate','',1);
INSERT INTO "archsearch_entries" VALUES(9,1,'report','f0d58a672c7c1f3c','baseline','rnn',NULL);
INSERT INTO "archsearch_entries" VALUES(10,2,'search','8ada962244452139','baseline','lstm',NULL);
INSERT INTO "archsearch_entries" VALUES(11,2,'search','a8d88aacefabe59e','candidate','',NULL);
INSERT INTO "archsearch_entries" VALUES(12,2,'search','d036b4630d956dfd','candidate','',NULL);
INSERT INTO "archsearch_entries" VALUES(13,2,'confirm','a8d88aacefabe59e','candidate','',1);
INSERT INTO "archsearch_entries" VALUES(14,2,'report','a8d88aacefabe59e','candidate','',1);
INSERT INTO "archsearch_entries" VALUES(15,2,'report','8ada962244452139','baseline','lstm',NULL);
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
INSERT INTO "archsearch_evaluations" VALUES(1,'3a3ec570854d21db0c5ba7b2555f3bee7c19c53259abfa98660a5d9c1fe1da28','f0d58a672c7c1f3c','{"name":"parity","test_length":6,"train_length":3}','3100606092271825020',16,'native',2,'complete',0.5625,0.625,0.625,NULL,0,NULL,'[[8,0.5],[16,0.625]]',38,32,1,'e90f1fbdef9903d7','','[[1,0.5],[2,0.5625]]',9.51118679986393544822e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:41.268849+00:00');
INSERT INTO "archsearch_evaluations" VALUES(2,'48b4b9ba80cf6674ef3d00a36c9090bbceb79c1ac366bcfabf310e14b0b8b82e','90928d38b474d70d','{"name":"parity","test_length":6,"train_length":3}','3100606092271825020',16,'native',2,'complete',0.4375,0.5,0.5,NULL,0,NULL,'[[8,0.375],[16,0.5]]',126,148,1,'f82c057990aa895c','','[[1,0.375],[2,0.4375]]',3.17048860000795684754e-01,'09d95c7aa80e9d4a','2026-11-29T11:14:41.765343+00:00');
INSERT INTO "archsearch_evaluations" VALUES(3,'73474876879f48a32eedcb2ecbe0cfb996e62ad9ea27c516c0b63d44ce898cd3','20f010121409257c','{"name":"parity","test_length":6,"train_length":3}','3100606092271825020',16,'native',2,'complete',0.375,0.375,0.375,NULL,0,NULL,'[[8,0.375],[16,0.375]]',122,144,1,'f4a850bbf4f91cd9','','[[1,0.375],[2,0.375]]',3.73169964001135667786e-01,'09d95c7aa80e9d4a','2026-11-29T11:14:42.369319+00:00');
INSERT INTO "archsearch_evaluations" VALUES(4,'56fb47aba430c1acf3807bd935ffe3c969c61f79d2a1c390d5655cb4eb1cd71b','bb007fb6cdcd6008','{"name":"parity","test_length":6,"train_length":3}','3100606092271825020',16,'native',2,'complete',0.0,0.0,0.0,NULL,0,NULL,'[[8,0.0],[16,0.0]]',122,140,1,'ce5cc316b395d8c2','','[[1,0.0],[2,0.0]]',3.11791000000084750354e-01,'09d95c7aa80e9d4a','2026-11-29T11:14:42.872491+00:00');
INSERT INTO "archsearch_evaluations" VALUES(5,'5acf29e408e5dfa40959d25b44773a49fc7c9fcde42c69e8a57f4ee50d56bd08','74c9fb12c631c9cd','{"name":"parity","test_length":6,"train_length":3}','3100606092271825020',16,'native',2,'complete',0.375,0.375,0.375,NULL,0,NULL,'[[8,0.375],[16,0.375]]',126,148,1,'3fbb8827dc0b1fd5','','[[1,0.375],[2,0.375]]',6.46653069998137652873e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:43.137244+00:00');
INSERT INTO "archsearch_evaluations" VALUES(6,'67466a178494e9f92cdd6817ea81df357fb7327f90928957a377342e0f1f197a','a3d250318661ccef','{"name":"parity","test_length":6,"train_length":3}','3100606092271825020',16,'native',2,'complete',0.5,0.5,0.5,NULL,0,NULL,'[[8,0.5],[16,0.5]]',122,148,1,'028b59b47e65501e','','[[1,0.5],[2,0.5]]',0.0587036699980672,'09d95c7aa80e9d4a','2026-11-29T11:14:43.396254+00:00');
INSERT INTO "archsearch_evaluations" VALUES(7,'c492ede95cc585ea2da0cf43d2879ec180e522a805dd8c40cf4a9b3c4a533ae1','a3d250318661ccef','{"name":"parity","test_length":6,"train_length":3}','6129393124697622359',16,'native',2,'complete',0.5,0.5,0.5,NULL,0,NULL,'[[8,0.5],[16,0.5]]',122,148,1,'a7b4fec5079f064e','','[[1,0.5],[2,0.5]]',5.5678464999800780788e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:43.785409+00:00');
INSERT INTO "archsearch_evaluations" VALUES(8,'a7fc3c382dde374f3791588260419210a3de6fa6551ad442272fc7d4021e5905','a3d250318661ccef','{"name":"parity","test_length":6,"train_length":3}','39692109855904042',16,'native',2,'complete',0.375,0.375,0.375,0.375,0,NULL,'[[8,0.375],[16,0.375]]',122,148,1,'bc07043b42208259','','[[1,0.375],[2,0.375]]',5.99027860007481649518e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:44.037423+00:00');
INSERT INTO "archsearch_evaluations" VALUES(9,'cea96f2ea81d906d84e18833f955335282107236458c6fb89fffb80d6f4d5220','f0d58a672c7c1f3c','{"name":"parity","test_length":6,"train_length":3}','39692109855904042',16,'native',2,'complete',0.875,0.875,0.875,0.25,0,NULL,'[[8,0.875],[16,0.875]]',38,32,1,'f2b5420389159a8c','','[[1,0.875],[2,0.875]]',5.32527620016480796039e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:44.249478+00:00');
INSERT INTO "archsearch_evaluations" VALUES(10,'1cd1ee1123159455bd096ec939f646feb77a0c1630607c53444ce4f54e87bfcc','a3d250318661ccef','{"name":"parity","test_length":6,"train_length":3}','4621667303581563103',16,'native',2,'complete',0.25,0.25,0.25,0.5,0,NULL,'[[8,0.25],[16,0.25]]',122,148,1,'596a1f06b63e31ab','','[[1,0.25],[2,0.25]]',5.03457129998423624783e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:44.413373+00:00');
INSERT INTO "archsearch_evaluations" VALUES(11,'6fdf07e046063088638c50363b0310edc9efb438e7b878bed9200e53af8e1462','f0d58a672c7c1f3c','{"name":"parity","test_length":6,"train_length":3}','4621667303581563103',16,'native',2,'complete',0.375,0.375,0.375,0.375,0,NULL,'[[8,0.375],[16,0.375]]',38,32,1,'0b89d4d0e902dd82','','[[1,0.375],[2,0.375]]',6.24251020017254631966e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:44.621469+00:00');
INSERT INTO "archsearch_evaluations" VALUES(12,'c6d39644162e296eaa10799c4f5745249c379a0af0e0081ad3d2f2b344f006ac','8ada962244452139','{"name":"parity","test_length":6,"train_length":3}','3100606092271825020',16,'native',2,'complete',0.0,0.0,0.0,NULL,0,NULL,'[[8,0.0],[16,0.0]]',122,148,1,'085465b33913f6f4','','[[1,0.0],[2,0.0]]',2.80137070003547705709e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:49.777324+00:00');
INSERT INTO "archsearch_evaluations" VALUES(13,'2c70c86680aebd4dab72786eed29400f91baf60d5eb7f095606278864d2ee941','a8d88aacefabe59e','{"name":"parity","test_length":6,"train_length":3}','3100606092271825020',16,'native',2,'complete',0.625,0.625,0.625,NULL,0,NULL,'[[8,0.625],[16,0.625]]',38,40,1,'266ff0a315cff0fc','','[[1,0.625],[2,0.625]]',2.8237851999801932834e-01,'09d95c7aa80e9d4a','2026-11-29T11:14:50.174803+00:00');
INSERT INTO "archsearch_evaluations" VALUES(14,'ff426efad3fb46d319244f798a52ba96117a37894128b739e391bc18fcbeaeba','d036b4630d956dfd','{"name":"parity","test_length":6,"train_length":3}','3100606092271825020',16,'native',2,'complete',0.625,0.625,0.625,NULL,0,NULL,'[[8,0.625],[16,0.625]]',38,40,1,'d8f22d7bfeb69d24','','[[1,0.625],[2,0.625]]',2.54470063999178819358e-01,'09d95c7aa80e9d4a','2026-11-29T11:14:50.631793+00:00');
INSERT INTO "archsearch_evaluations" VALUES(15,'c94190f8f7d9e7a1798a3279a5a78c10fdf59a2724396a9d9c25183ca66db69d','a8d88aacefabe59e','{"name":"parity","test_length":6,"train_length":3}','6129393124697622359',16,'native',2,'complete',0.5,0.5,0.5,NULL,0,NULL,'[[8,0.5],[16,0.5]]',38,40,1,'ed772450177b196e','','[[1,0.5],[2,0.5]]',4.28000659994722809642e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:50.874276+00:00');
INSERT INTO "archsearch_evaluations" VALUES(16,'1dfed85286a744ac9c9d82c1c6bd3a55665ee781333bd1e80ce6ae6c7a0e97db','a8d88aacefabe59e','{"name":"parity","test_length":6,"train_length":3}','39692109855904042',16,'native',2,'complete',0.875,0.875,0.875,0.25,0,NULL,'[[8,0.875],[16,0.875]]',38,40,1,'47fed1ff77642ef4','','[[1,0.875],[2,0.875]]',5.18120609995094127953e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:51.087301+00:00');
INSERT INTO "archsearch_evaluations" VALUES(17,'33de27f5851fa387fafd0ed82524b1070751b56cbed153e8a96936442bbd2e5b','8ada962244452139','{"name":"parity","test_length":6,"train_length":3}','39692109855904042',16,'native',2,'complete',0.875,0.875,0.875,0.25,0,NULL,'[[8,0.875],[16,0.875]]',122,148,1,'33ad0fd06b01594e','','[[1,0.875],[2,0.875]]',4.15578159991127904504e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:51.252858+00:00');
INSERT INTO "archsearch_evaluations" VALUES(18,'cbdb12bb5545371c81b86688088f7fbd9e8e11b26bac98eda577b0daa9db0a56','a8d88aacefabe59e','{"name":"parity","test_length":6,"train_length":3}','4621667303581563103',16,'native',2,'complete',0.5,0.5,0.5,0.5,0,NULL,'[[8,0.5],[16,0.5]]',38,40,1,'0dcc924e97df5c60','','[[1,0.5],[2,0.5]]',2.54407349966641049832e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:51.349695+00:00');
INSERT INTO "archsearch_evaluations" VALUES(19,'88c34d68799fa957fc8218e1fe952340813731ff36216772ef5d254eb64a7393','8ada962244452139','{"name":"parity","test_length":6,"train_length":3}','4621667303581563103',16,'native',2,'complete',0.375,0.25,0.5,0.5,0,NULL,'[[8,0.5],[16,0.25]]',122,148,1,'e91eb1dbbe2da53c','','[[1,0.5],[2,0.375]]',6.15890219996799714863e-02,'09d95c7aa80e9d4a','2026-11-29T11:14:51.533219+00:00');
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
INSERT INTO "archsearch_runs" VALUES(1,'search','f0d58a672c7c1f3c',0,1,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'search','90928d38b474d70d',0,2,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'search','20f010121409257c',0,3,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'search','bb007fb6cdcd6008',0,4,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'search','74c9fb12c631c9cd',0,5,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'search','a3d250318661ccef',0,6,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'confirm','a3d250318661ccef',0,7,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'report','a3d250318661ccef',0,8,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'report','f0d58a672c7c1f3c',0,9,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'report','a3d250318661ccef',1,10,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(1,'report','f0d58a672c7c1f3c',1,11,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(2,'search','8ada962244452139',0,12,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(2,'search','a8d88aacefabe59e',0,13,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(2,'search','d036b4630d956dfd',0,14,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(2,'confirm','a8d88aacefabe59e',0,15,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(2,'report','a8d88aacefabe59e',0,16,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(2,'report','8ada962244452139',0,17,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(2,'report','a8d88aacefabe59e',1,18,NULL,NULL);
INSERT INTO "archsearch_runs" VALUES(2,'report','8ada962244452139',1,19,NULL,NULL);
CREATE TABLE archsearch_schema (
	version INTEGER NOT NULL, 
	CONSTRAINT pk_archsearch_schema PRIMARY KEY (version)
);
INSERT INTO "archsearch_schema" VALUES(4);
CREATE TABLE archsearch_specs (
	spec_id TEXT NOT NULL, 
	arch_id TEXT NOT NULL, 
	document TEXT NOT NULL, 
	line TEXT NOT NULL, 
	CONSTRAINT pk_archsearch_specs PRIMARY KEY (spec_id), 
	CONSTRAINT fk_archsearch_specs_arch_id FOREIGN KEY(arch_id) REFERENCES archsearch_architectures (arch_id)
);
INSERT INTO "archsearch_specs" VALUES('f0d58a672c7c1f3c','90f01d3267f4e58a','{"cell":{"states":{"h":0.0},"output":"h","equations":{"h":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"}},"cell":"rnn"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}','rnn; learning_rate=0.01');
INSERT INTO "archsearch_specs" VALUES('90928d38b474d70d','68e67cabb328b28b','{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":1.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"identity"},"c":"f * c_prev + i * g","o":{"linear":["x","h_prev"],"diagonal":["c"],"bias":0.0,"activation":"sigmoid"},"h":"o * tanh(c)"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.02,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}','lstm_b, cell input identity, peephole(output); learning_rate=0.02');
INSERT INTO "archsearch_specs" VALUES('20f010121409257c','5367b880f1fdda93','{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":1.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"relu"},"c":"f * c_prev + i * g","o":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"h":"o * c"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}','lstm_b, squash identity, cell input relu; learning_rate=0.01');
INSERT INTO "archsearch_specs" VALUES('bb007fb6cdcd6008','078b7ae39177532b','{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":1.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"identity"},"c":"f * c_prev + i * g","o":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"h":"o * c"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}','lstm_b, squash identity, cell input identity; learning_rate=0.01');
INSERT INTO "archsearch_specs" VALUES('74c9fb12c631c9cd','68e67cabb328b28b','{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":1.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"identity"},"c":"f * c_prev + i * g","o":{"linear":["x","h_prev"],"diagonal":["c"],"bias":0.0,"activation":"sigmoid"},"h":"o * tanh(c)"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}','lstm_b, cell input identity, peephole(output); learning_rate=0.01');
INSERT INTO "archsearch_specs" VALUES('a3d250318661ccef','200d86cebc078196','{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":1.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"relu"},"c":"f * c_prev + i * g","o":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"h":"o * tanh(c)"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.02,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}','lstm_b, cell input relu; learning_rate=0.02');
INSERT INTO "archsearch_specs" VALUES('8ada962244452139','5aa8d30357737949','{"cell":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"},"o":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"c":"f * c_prev + i * g","h":"o * tanh(c)"},"cell":"lstm"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}','lstm; learning_rate=0.01');
INSERT INTO "archsearch_specs" VALUES('a8d88aacefabe59e','35a70e33eb67d4b4','{"cell":{"states":{"h":0.0,"m":-1e999},"output":"h","equations":{"candidate":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"},"m":"max(m_prev, candidate)","h":"tanh(m)"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.01,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}','candidate=tanh; learning_rate=0.01');
INSERT INTO "archsearch_specs" VALUES('d036b4630d956dfd','665a3ba2fd9e9b1e','{"cell":{"states":{"h":0.0,"m":-1e999},"output":"h","equations":{"candidate":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"relu"},"m":"max(m_prev, candidate)","h":"tanh(m)"},"cell":"space"},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":"last"},"training":{"optimizer":"adam","learning_rate":0.02,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"}}','candidate=relu; learning_rate=0.02');
CREATE TABLE archsearch_studies (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	definition TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	state TEXT NOT NULL, 
	fence BIGINT DEFAULT '0' NOT NULL, 
	writes BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_archsearch_studies PRIMARY KEY (id), 
	CONSTRAINT ck_archsearch_studies_state CHECK (state IN ('running', 'finished', 'exhausted', 'interrupted')), 
	CONSTRAINT uq_archsearch_studies_name UNIQUE (name)
);
INSERT INTO "archsearch_studies" VALUES(1,'wired','{"study":{"study":"wired","task":{"name":"parity","train_length":3,"test_length":6},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":null},"training":{"optimizer":"adam","learning_rate":0.02,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"},"holes":{"training.learning_rate":[0.01,0.02]},"baselines":["rnn"],"search":{"sampler":"random","pruner":"none","trials":5,"seeds":1},"confirm":{"best":1,"seeds":1},"report":{"best":1,"seeds":2},"limits":{"seconds":3600.0,"memory_mb":4000,"parameters":10000000,"operations":1000000000000},"backend":["native","reference"],"seed":1,"space":{"wiring":{"gates":{"input":{"activation":"sigmoid","bias":0.0},"forget":{"activation":"sigmoid","bias":1.0},"output":{"activation":"sigmoid","bias":0.0},"reset":"none"},"peepholes":[],"coupling":"none","state_merging":"separate","cell_input":"relu","squash":"tanh","gate_recurrence":false},"holes":{"cell_input":["tanh","relu","identity"],"squash":["tanh","identity"],"peepholes":{"subset_of":["output"],"at_least":0}},"contains":[]}},"space":"space","task":{"name":"parity","train_length":3,"test_length":6},"baselines":{"rnn":{"states":{"h":0.0},"output":"h","equations":{"h":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"}},"cell":"rnn"}}}','2026-11-29T11:14:35.398476+00:00','finished',1795950875401698,23);
INSERT INTO "archsearch_studies" VALUES(2,'celled','{"study":{"study":"celled","task":{"name":"parity","train_length":3,"test_length":6},"model":{"hidden_size":4,"layers":1,"connection":"plain","readout":null},"training":{"optimizer":"adam","learning_rate":0.02,"clip":1.0,"batch_size":8,"sequences":16,"checks":2,"validation":8,"test":8,"device":"cpu"},"holes":{"training.learning_rate":[0.01,0.02]},"baselines":["lstm"],"search":{"sampler":"random","pruner":"none","trials":2,"seeds":1},"confirm":{"best":1,"seeds":1},"report":{"best":1,"seeds":2},"limits":{"seconds":3600.0,"memory_mb":4000,"parameters":10000000,"operations":1000000000000},"backend":["native","reference"],"seed":1,"space":{"cell":{"states":{"h":0.0,"m":-1e999},"output":"h","equations":{"candidate":{"linear":["x","h_prev"],"activation":"$candidate"},"m":"max(m_prev, candidate)","h":"tanh(m)"}},"holes":{"candidate":["tanh","relu"]},"contains":[]}},"space":"space","task":{"name":"parity","train_length":3,"test_length":6},"baselines":{"lstm":{"states":{"h":0.0,"c":0.0},"output":"h","equations":{"i":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"f":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"g":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"tanh"},"o":{"linear":["x","h_prev"],"diagonal":[],"bias":0.0,"activation":"sigmoid"},"c":"f * c_prev + i * g","h":"o * tanh(c)"},"cell":"lstm"}}}','2026-11-29T11:14:45.145532+00:00','finished',1795950885147616,16);
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
INSERT INTO "archsearch_trials" VALUES(1,0,'{"cell_input":"identity","peepholes.output":"yes","squash":"tanh","training.learning_rate":"0.02"}','90928d38b474d70d','complete',0.4375,NULL,'','2026-11-29T11:14:41.313032+00:00','2026-11-29T11:14:41.765343+00:00');
INSERT INTO "archsearch_trials" VALUES(1,1,'{"cell_input":"identity","peepholes.output":"yes","squash":"tanh","training.learning_rate":"0.02"}','90928d38b474d70d','complete',0.4375,0,'','2026-11-29T11:14:41.850889+00:00','2026-11-29T11:14:41.850889+00:00');
INSERT INTO "archsearch_trials" VALUES(1,2,'{"cell_input":"relu","peepholes.output":"no","squash":"identity","training.learning_rate":"0.01"}','20f010121409257c','complete',0.375,NULL,'','2026-11-29T11:14:41.895617+00:00','2026-11-29T11:14:42.369319+00:00');
INSERT INTO "archsearch_trials" VALUES(1,3,'{"cell_input":"identity","peepholes.output":"no","squash":"identity","training.learning_rate":"0.01"}','bb007fb6cdcd6008','complete',0.0,NULL,'','2026-11-29T11:14:42.459198+00:00','2026-11-29T11:14:42.872491+00:00');
INSERT INTO "archsearch_trials" VALUES(1,4,'{"cell_input":"identity","peepholes.output":"yes","squash":"tanh","training.learning_rate":"0.01"}','74c9fb12c631c9cd','complete',0.375,NULL,'','2026-11-29T11:14:42.942948+00:00','2026-11-29T11:14:43.137244+00:00');
INSERT INTO "archsearch_trials" VALUES(1,5,'{"cell_input":"relu","peepholes.output":"no","squash":"tanh","training.learning_rate":"0.02"}','a3d250318661ccef','complete',0.5,NULL,'','2026-11-29T11:14:43.211364+00:00','2026-11-29T11:14:43.396254+00:00');
INSERT INTO "archsearch_trials" VALUES(2,0,'{"candidate":"tanh","training.learning_rate":"0.01"}','a8d88aacefabe59e','complete',0.625,NULL,'','2026-11-29T11:14:49.801809+00:00','2026-11-29T11:14:50.174803+00:00');
INSERT INTO "archsearch_trials" VALUES(2,1,'{"candidate":"tanh","training.learning_rate":"0.01"}','a8d88aacefabe59e','complete',0.625,0,'','2026-11-29T11:14:50.211148+00:00','2026-11-29T11:14:50.211148+00:00');
INSERT INTO "archsearch_trials" VALUES(2,2,'{"candidate":"relu","training.learning_rate":"0.02"}','d036b4630d956dfd','complete',0.625,NULL,'','2026-11-29T11:14:50.250562+00:00','2026-11-29T11:14:50.631793+00:00');
CREATE TABLE archsearch_weights (
	evaluation_id INTEGER NOT NULL, 
	safetensors BLOB NOT NULL, 
	CONSTRAINT pk_archsearch_weights PRIMARY KEY (evaluation_id), 
	CONSTRAINT fk_archsearch_weights_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES archsearch_evaluations (id)
);
INSERT INTO "archsearch_weights" VALUES(8,X'00040000000000007B22686561642E62696173223A7B226474797065223A22463332222C227368617065223A5B325D2C22646174615F6F666673657473223A5B302C385D7D2C22686561642E776569676874223A7B226474797065223A22463332222C227368617065223A5B322C345D2C22646174615F6F666673657473223A5B382C34305D7D2C226C61796572732E302E662E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B34302C35365D7D2C226C61796572732E302E662E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B35362C38385D7D2C226C61796572732E302E662E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B38382C3135325D7D2C226C61796572732E302E672E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3135322C3136385D7D2C226C61796572732E302E672E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3136382C3230305D7D2C226C61796572732E302E672E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3230302C3236345D7D2C226C61796572732E302E692E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3236342C3238305D7D2C226C61796572732E302E692E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3238302C3331325D7D2C226C61796572732E302E692E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3331322C3337365D7D2C226C61796572732E302E6F2E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3337362C3339325D7D2C226C61796572732E302E6F2E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3339322C3432345D7D2C226C61796572732E302E6F2E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3432342C3438385D7D7D20CE11D43CCC11D4BC3787B53ECD43A4BDDF2AE4BE6659053F440E97BEA68C803E74F6C9BE7AC88EBE0000803FE3047C3FA8B6843FDBE7803F2D192B3E85B092BE085B36BE1F159BBD15BE0DBE9E79DB3DC3BFF03E420BE93D62B7A3BD05CF353E2C45253ECA26DB3E55DE7CBD39078BBDA9C083BE52D56FBEC457A83E2C4BA5BDFAA6E83EDDD22D3D6E8889BE7E62A0BE4E7882BD5B1E783E000000008E63D2BC763694BC865FC13C1D1AD9BD99CE5BBE1883CA3E4BA8653E7248BC3ED5B9693EC41D13BE126D9C3A451BAA3E74C403BED06784BE5284A43EAFB291BDE6DE643E6CC1893E7518A4BDA57FBEBEE57D833E7CD7F23EE42AE2BE7A411D3E854AE9BDE27BAE3E5B197EBE000000009CE6C7BC44B48FBC2C63D63C2E92A73EF733ED3EF68630BEFFED4D3EEA0C053FD2CBDB3E95335FBE0CA7D43D5C1ECE3EE7F06C3EFEFA673E915FBCBE2DA0B73E38E098BDA6F9F03EBF8FD63EAF32B83EC777DD3E893683BEBC92DABE94D576BEA06C4E3EA456683CF82AD53E00000000EB2EC0BC168789BC6D2DB53C326DE13C7064893E8CE74BBE353992BDA078A73EA5C3A03DD23903BFBFE0853C1B555C3DED4982BD43A7BCBEEE47EFBDE42844BDBC5AB53CCADE01BFB0F7E03D274FE23E906CA6BECBE162BE1F2FAA3D0DB2773D76A38D3B55ADDB3EC42FA2BE');
INSERT INTO "archsearch_weights" VALUES(9,X'60010000000000007B22686561642E62696173223A7B226474797065223A22463332222C227368617065223A5B325D2C22646174615F6F666673657473223A5B302C385D7D2C22686561642E776569676874223A7B226474797065223A22463332222C227368617065223A5B322C345D2C22646174615F6F666673657473223A5B382C34305D7D2C226C61796572732E302E682E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B34302C35365D7D2C226C61796572732E302E682E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B35362C38385D7D2C226C61796572732E302E682E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B38382C3135325D7D7D20202020FA2C6B3CFA2C6BBCB944383ED7318BBEAAAD51BE5FBF37BD65F442BE2632023E4089F13ED67AA33D06218A3C2B7356BCA03B6DBC5E8F39BC0D1DAF3E912CF73E24D828BE8DE95C3EB4B4F13E6055E03E949364BEB858813D518AD33E664E783E1FC4733E094AB2BEF9DCB43EC09093BD96CCF13EAD8DCF3E5172B33EBDE8C43E15699CBE79A6E1BE60A67DBE9CBE213E7394F2BCCE4EC83E');
INSERT INTO "archsearch_weights" VALUES(10,X'00040000000000007B22686561642E62696173223A7B226474797065223A22463332222C227368617065223A5B325D2C22646174615F6F666673657473223A5B302C385D7D2C22686561642E776569676874223A7B226474797065223A22463332222C227368617065223A5B322C345D2C22646174615F6F666673657473223A5B382C34305D7D2C226C61796572732E302E662E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B34302C35365D7D2C226C61796572732E302E662E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B35362C38385D7D2C226C61796572732E302E662E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B38382C3135325D7D2C226C61796572732E302E672E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3135322C3136385D7D2C226C61796572732E302E672E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3136382C3230305D7D2C226C61796572732E302E672E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3230302C3236345D7D2C226C61796572732E302E692E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3236342C3238305D7D2C226C61796572732E302E692E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3238302C3331325D7D2C226C61796572732E302E692E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3331322C3337365D7D2C226C61796572732E302E6F2E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3337362C3339325D7D2C226C61796572732E302E6F2E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3339322C3432345D7D2C226C61796572732E302E6F2E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3432342C3438385D7D7D20C73B213DC73B21BD11D382BE9C97D23E06E1CCBEFD33E53E7C38CBBE2A68DDBD506D9BBE6F2AB93EFB167E3F0C797C3F0000803FD08B843F66AE013EA57A9ABD451577BEB788D0BED7B3813ECAF373BD66D507BDA457E4BD3458653E7B2FBF3E2710A8BE30FCC3BEC436C43C41BBFFBE1A25833D6076BDBE4D40AE3ECF36E9BE682E6F3EC4CF0D3DF9C3FA3EE1C0C0BE4D0AD03DEEB3E23E3DD1113DAAEF233D0000000004E4DEBBB03ACF3E49CBFABC872FC13EDCB2FFBEB7C832BE4967D6BE7C6F11BE82AFCC3EE582E83E4B32193DF976A3BE6D52DDBE5CF0353D3ADC01BF5B63AEBE534E523E485E8DBED1A6DEBE239A58BE367BFE3E422C853E820610BEDB62E9BEAD5BB53E50EC1A3D62DF233D00000000B6F2D7BB1EAD1A3D904CBABE4F680F3E1A90D33E676DB73E0C267ABDD940DA3E86A2843EAA52D7BE8A82193E13F5F93EA29F95BE0B4C04BF73DA043E2F16A73EA109133C50C62B3E2437CDBD567AD6BE55A27F3D5C7BE7BE23F8DB3E1242BE3D774869BEB3F71B3D606B223D0000000002F1CFBBAA993DBED46C8DBB68D9FE3EC1E0EEBE523781BE7ED5963ED85C923EEB46DA3D89AD9C3ECD69D8BD1770B7BECD0ABB3E3938F4BE2071D83EB6151C3EB7F5903D4AB4A13E3801E23CF5DE14BE4FA1E1BE7111D3BEE1F31EBE4E246EBD1150A83E');
INSERT INTO "archsearch_weights" VALUES(11,X'60010000000000007B22686561642E62696173223A7B226474797065223A22463332222C227368617065223A5B325D2C22646174615F6F666673657473223A5B302C385D7D2C22686561642E776569676874223A7B226474797065223A22463332222C227368617065223A5B322C345D2C22646174615F6F666673657473223A5B382C34305D7D2C226C61796572732E302E682E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B34302C35365D7D2C226C61796572732E302E682E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B35362C38385D7D2C226C61796572732E302E682E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B38382C3135325D7D7D202020207BF2A13C7CF2A1BCECF9113EB4CE52BDE05E42BEDED4C1BEF3A68A3E5A4EA0BD02D6C2BC5C102CBE6893A3BC9CA996BCCDCDA2BC12A3A1BC32DC98BC8547AFBE28DFE63D7ABDCA3EB7A1AD3EE70F6FBD1867D03E81348A3E1F3AC3BE7ED7223EA2C4013F4D5383BE3364EEBE47BB143EA4829D3E76B0C63CAA563F3E6041F5BD7FE8CDBEA967863D922FDABE8D1BD73E049BE03D7D5885BE');
INSERT INTO "archsearch_weights" VALUES(16,X'78010000000000007B22686561642E62696173223A7B226474797065223A22463332222C227368617065223A5B325D2C22646174615F6F666673657473223A5B302C385D7D2C22686561642E776569676874223A7B226474797065223A22463332222C227368617065223A5B322C345D2C22646174615F6F666673657473223A5B382C34305D7D2C226C61796572732E302E63616E6469646174652E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B34302C35365D7D2C226C61796572732E302E63616E6469646174652E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B35362C38385D7D2C226C61796572732E302E63616E6469646174652E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B38382C3135325D7D7D20202020F67E6E3CF67E6EBC442A393ED4EF8CBE42B550BE8B5878BDF0D943BE20AE053E0D0DF13E6BC7C33D12F5753C2A8754BC5A6F7CBCE22786BC4A64AF3E0043F43EC09033BEF398633E8AB6F03E6E54DF3E799773BE8D82913D5DDAD33E9B48773E9AAC743EB70CBABE1072B23E821295BDEB84ED3E45B0E33E0FE9B33E3E7BC53ECC0A9CBE8D49CEBEC4F783BE10CD163EB6B121BDE903CC3E');
INSERT INTO "archsearch_weights" VALUES(17,X'00040000000000007B22686561642E62696173223A7B226474797065223A22463332222C227368617065223A5B325D2C22646174615F6F666673657473223A5B302C385D7D2C22686561642E776569676874223A7B226474797065223A22463332222C227368617065223A5B322C345D2C22646174615F6F666673657473223A5B382C34305D7D2C226C61796572732E302E662E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B34302C35365D7D2C226C61796572732E302E662E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B35362C38385D7D2C226C61796572732E302E662E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B38382C3135325D7D2C226C61796572732E302E672E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3135322C3136385D7D2C226C61796572732E302E672E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3136382C3230305D7D2C226C61796572732E302E672E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3230302C3236345D7D2C226C61796572732E302E692E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3236342C3238305D7D2C226C61796572732E302E692E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3238302C3331325D7D2C226C61796572732E302E692E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3331322C3337365D7D2C226C61796572732E302E6F2E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3337362C3339325D7D2C226C61796572732E302E6F2E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3339322C3432345D7D2C226C61796572732E302E6F2E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3432342C3438385D7D7D2004CE603C04CE60BC9BEBAE3E7A3FB9BD9A68E8BE1AD9F73EA87290BE92CB853EB8B8C5BE8EDD77BE19B4DEBB237418BC6297D2BB32EA47BCDA753F3ED6F69BBE2EDE4ABEBC316FBD9D5621BE1B6CFE3DA0FF003FD2FE703DC49193BDB0162E3E585C1E3EE742DE3E61DD57BDDC0D7ABD10DB80BEAE6B5EBEA6B5AB3ECD78FBBDECABD23EAD075D3DEAEA84BED620AABEDDF2A6BD6803823EF5FB413CEC8F5FBC8DCC4EBCCEAD523C38DCC9BDC46F4DBE29D4CE3EC0E4733E6940BC3E2E6A713E9BC40CBE7A46F1BBD271A63EB44AF7BD789280BED4399F3E0B4D73BD84D76E3E8D8F8E3EC3EE6FBD95C0BABE50FB823EADD8F13E6023D9BE6EC3113ECB0C0DBE1259A23E7E9199BEE8284ABC94EC4DBCD4A340BCED281EBC5EE5B03E7A61E53ED70328BEE3165D3EDB5BF43EE71DE13E15D968BE3F43843DC8AFD43E5F6F5F3E75D85A3E7834B5BED01EBA3EAC1792BDA351F23ECFA1DB3EE811BA3E5BC3C73E1ED898BECA45E1BE059585BE14633C3EB02E36BB860CBA3E596743BC70294BBC1C363FBC61F012BCA287403D2894803EAD9460BEDC645DBD5DA59C3EED44C03D0D8300BFB12E22BDBCBD853DCD7F98BD8E97C1BE2358DEBD5B0825BDD04AE53C7BDC00BF8079F83D1EBEE53E07A7BBBEE33787BED43B953DF4BF263DD00A78BB8446D83E45F8BDBE');
INSERT INTO "archsearch_weights" VALUES(18,X'78010000000000007B22686561642E62696173223A7B226474797065223A22463332222C227368617065223A5B325D2C22646174615F6F666673657473223A5B302C385D7D2C22686561642E776569676874223A7B226474797065223A22463332222C227368617065223A5B322C345D2C22646174615F6F666673657473223A5B382C34305D7D2C226C61796572732E302E63616E6469646174652E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B34302C35365D7D2C226C61796572732E302E63616E6469646174652E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B35362C38385D7D2C226C61796572732E302E63616E6469646174652E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B38382C3135325D7D7D202020200613A23C0513A2BC4EEE103ED92C55BD156640BE7FE8C1BEC12C8B3E471F9FBD639CD2BC1AE92BBEECEFA3BC3B4CA2BC0BC3A1BC4FADA2BC1AD6A5BC3A4CAABE356EB23DDD07CA3E703EAD3EC629A4BDF921D03EFFB58A3E625ABDBE62E73A3E3491013F273284BED1F2EDBE43EB293EFD4BAD3E3B80523DCE64333E8974DCBD0CABD2BE8A27613D88D2D8BE1E35D83E3FB5D33D52E385BE');
INSERT INTO "archsearch_weights" VALUES(19,X'00040000000000007B22686561642E62696173223A7B226474797065223A22463332222C227368617065223A5B325D2C22646174615F6F666673657473223A5B302C385D7D2C22686561642E776569676874223A7B226474797065223A22463332222C227368617065223A5B322C345D2C22646174615F6F666673657473223A5B382C34305D7D2C226C61796572732E302E662E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B34302C35365D7D2C226C61796572732E302E662E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B35362C38385D7D2C226C61796572732E302E662E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B38382C3135325D7D2C226C61796572732E302E672E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3135322C3136385D7D2C226C61796572732E302E672E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3136382C3230305D7D2C226C61796572732E302E672E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3230302C3236345D7D2C226C61796572732E302E692E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3236342C3238305D7D2C226C61796572732E302E692E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3238302C3331325D7D2C226C61796572732E302E692E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3331322C3337365D7D2C226C61796572732E302E6F2E62696173223A7B226474797065223A22463332222C227368617065223A5B345D2C22646174615F6F666673657473223A5B3337362C3339325D7D2C226C61796572732E302E6F2E6C696E6561722E30223A7B226474797065223A22463332222C227368617065223A5B342C325D2C22646174615F6F666673657473223A5B3339322C3432345D7D2C226C61796572732E302E6F2E6C696E6561722E31223A7B226474797065223A22463332222C227368617065223A5B342C345D2C22646174615F6F666673657473223A5B3432342C3438385D7D7D203E2AA13C3E2AA1BC3DB48CBECD65C33E9C46D6BE68D5D03E5057C1BEEFA0A0BDBA0792BE0489CD3E12FD4ABB40389ABC307E963C402B4F3CA694123E501356BDB26640BE5F31D6BEDF0F733E92FF24BDD9DFCDBCBD6C07BE2CBE693E43F9C03E0ADCA6BE4C94CCBE4AA2A73C2A74FBBE74C4A93D3B7AC2BE69A8AC3EA36BF3BED3215C3EF64E5C3D08F9013FF049B5BE5DCFBF3DDEC1D23E3EB99A3CE810A23C2F119ABCFE2A94BC7563C53EE4B1A93B94BDB63EC8BFF6BE623F46BE58F9DFBE51D30DBE8E73C63EFE84F23E62E3183DC7EBACBEB60AC6BE26248F3D40D7FBBE77EDACBE83D5843E650C8BBE817ED4BE05F645BE6A9BF43E70817F3EECE317BE2D36DFBE7DA5A83EACDD963C5979413CD8B1953CD61F9CBCB017973CBBDAB3BEAF31F53D30E1D53E1E7AC13E71E030BD26E2D63ED94A7D3E804DCCBEB0394A3E5F15003FD3628BBE206100BF0DE93A3EFE52B13E46A3B83C35F8273E9D20F0BDDC2FE0BEFEBDA83D983EEDBEA136D83ED040A93D75DE7EBE90DB983CECC1D73B84EB963CC4C29BBC81BE52BECCFFA03CD9CBF43E068EF4BE86F16EBE9639A03E6853A03E5CBFEB3DADD5A13E567291BD4EB5B1BE9093C03ECFDFF2BE4671EB3EFF8F303EF91C9C3DB5869F3EC81B0E3C871628BED280D7BE032BD9BEAD1C27BEF7398FBD265E9D3E');
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'wired');
INSERT INTO "studies" VALUES(2,'celled');
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
INSERT INTO "study_directions" VALUES(2,'MAXIMIZE',2,0);
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
INSERT INTO "study_user_attributes" VALUES(2,2,'archsearch','true');
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
INSERT INTO "trial_intermediate_values" VALUES(1,1,1,0.375,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,1,2,0.4375,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,2,1,0.375,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(4,2,2,0.4375,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(5,3,1,0.375,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(6,3,2,0.375,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(7,4,1,0.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(8,4,2,0.0,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(9,5,1,0.375,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(10,5,2,0.375,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(11,6,1,0.5,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(12,6,2,0.5,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(13,7,1,0.625,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(14,7,2,0.625,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(15,8,1,0.625,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(16,8,2,0.625,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(17,9,1,0.625,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(18,9,2,0.625,'FINITE');
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
INSERT INTO "trial_params" VALUES(1,1,'cell_input',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO "trial_params" VALUES(2,1,'peepholes.output',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO "trial_params" VALUES(3,1,'squash',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO "trial_params" VALUES(4,1,'training.learning_rate',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO "trial_params" VALUES(5,2,'cell_input',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO "trial_params" VALUES(6,2,'peepholes.output',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO "trial_params" VALUES(7,2,'squash',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO "trial_params" VALUES(8,2,'training.learning_rate',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO "trial_params" VALUES(9,3,'cell_input',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO "trial_params" VALUES(10,3,'peepholes.output',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO "trial_params" VALUES(11,3,'squash',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO "trial_params" VALUES(12,3,'training.learning_rate',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO "trial_params" VALUES(13,4,'cell_input',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO "trial_params" VALUES(14,4,'peepholes.output',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO "trial_params" VALUES(15,4,'squash',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO "trial_params" VALUES(16,4,'training.learning_rate',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO "trial_params" VALUES(17,5,'cell_input',2.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO "trial_params" VALUES(18,5,'peepholes.output',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO "trial_params" VALUES(19,5,'squash',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO "trial_params" VALUES(20,5,'training.learning_rate',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO "trial_params" VALUES(21,6,'cell_input',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu", "identity"]}}');
INSERT INTO "trial_params" VALUES(22,6,'peepholes.output',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["no", "yes"]}}');
INSERT INTO "trial_params" VALUES(23,6,'squash',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "identity"]}}');
INSERT INTO "trial_params" VALUES(24,6,'training.learning_rate',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO "trial_params" VALUES(25,7,'candidate',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu"]}}');
INSERT INTO "trial_params" VALUES(26,7,'training.learning_rate',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO "trial_params" VALUES(27,8,'candidate',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu"]}}');
INSERT INTO "trial_params" VALUES(28,8,'training.learning_rate',0.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
INSERT INTO "trial_params" VALUES(29,9,'candidate',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["tanh", "relu"]}}');
INSERT INTO "trial_params" VALUES(30,9,'training.learning_rate',1.0,'{"name": "CategoricalDistribution", "attributes": {"choices": ["0.01", "0.02"]}}');
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
INSERT INTO "trial_user_attributes" VALUES(2,1,'spec_id','"90928d38b474d70d"');
INSERT INTO "trial_user_attributes" VALUES(3,1,'arch_id','"68e67cabb328b28b"');
INSERT INTO "trial_user_attributes" VALUES(4,1,'line','"lstm_b, cell input identity, peephole(output); learning_rate=0.02"');
INSERT INTO "trial_user_attributes" VALUES(5,2,'archsearch_number','1');
INSERT INTO "trial_user_attributes" VALUES(6,2,'spec_id','"90928d38b474d70d"');
INSERT INTO "trial_user_attributes" VALUES(7,2,'arch_id','"68e67cabb328b28b"');
INSERT INTO "trial_user_attributes" VALUES(8,2,'line','"lstm_b, cell input identity, peephole(output); learning_rate=0.02"');
INSERT INTO "trial_user_attributes" VALUES(9,2,'repeat_of','0');
INSERT INTO "trial_user_attributes" VALUES(10,3,'archsearch_number','2');
INSERT INTO "trial_user_attributes" VALUES(11,3,'spec_id','"20f010121409257c"');
INSERT INTO "trial_user_attributes" VALUES(12,3,'arch_id','"5367b880f1fdda93"');
INSERT INTO "trial_user_attributes" VALUES(13,3,'line','"lstm_b, squash identity, cell input relu; learning_rate=0.01"');
INSERT INTO "trial_user_attributes" VALUES(14,4,'archsearch_number','3');
INSERT INTO "trial_user_attributes" VALUES(15,4,'spec_id','"bb007fb6cdcd6008"');
INSERT INTO "trial_user_attributes" VALUES(16,4,'arch_id','"078b7ae39177532b"');
INSERT INTO "trial_user_attributes" VALUES(17,4,'line','"lstm_b, squash identity, cell input identity; learning_rate=0.01"');
INSERT INTO "trial_user_attributes" VALUES(18,5,'archsearch_number','4');
INSERT INTO "trial_user_attributes" VALUES(19,5,'spec_id','"74c9fb12c631c9cd"');
INSERT INTO "trial_user_attributes" VALUES(20,5,'arch_id','"68e67cabb328b28b"');
INSERT INTO "trial_user_attributes" VALUES(21,5,'line','"lstm_b, cell input identity, peephole(output); learning_rate=0.01"');
INSERT INTO "trial_user_attributes" VALUES(22,6,'archsearch_number','5');
INSERT INTO "trial_user_attributes" VALUES(23,6,'spec_id','"a3d250318661ccef"');
INSERT INTO "trial_user_attributes" VALUES(24,6,'arch_id','"200d86cebc078196"');
INSERT INTO "trial_user_attributes" VALUES(25,6,'line','"lstm_b, cell input relu; learning_rate=0.02"');
INSERT INTO "trial_user_attributes" VALUES(26,7,'archsearch_number','0');
INSERT INTO "trial_user_attributes" VALUES(27,7,'spec_id','"a8d88aacefabe59e"');
INSERT INTO "trial_user_attributes" VALUES(28,7,'arch_id','"35a70e33eb67d4b4"');
INSERT INTO "trial_user_attributes" VALUES(29,7,'line','"candidate=tanh; learning_rate=0.01"');
INSERT INTO "trial_user_attributes" VALUES(30,8,'archsearch_number','1');
INSERT INTO "trial_user_attributes" VALUES(31,8,'spec_id','"a8d88aacefabe59e"');
INSERT INTO "trial_user_attributes" VALUES(32,8,'arch_id','"35a70e33eb67d4b4"');
INSERT INTO "trial_user_attributes" VALUES(33,8,'line','"candidate=tanh; learning_rate=0.01"');
INSERT INTO "trial_user_attributes" VALUES(34,8,'repeat_of','0');
INSERT INTO "trial_user_attributes" VALUES(35,9,'archsearch_number','2');
INSERT INTO "trial_user_attributes" VALUES(36,9,'spec_id','"d036b4630d956dfd"');
INSERT INTO "trial_user_attributes" VALUES(37,9,'arch_id','"665a3ba2fd9e9b1e"');
INSERT INTO "trial_user_attributes" VALUES(38,9,'line','"candidate=relu; learning_rate=0.02"');
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
INSERT INTO "trial_values" VALUES(1,1,0,0.4375,'FINITE');
INSERT INTO "trial_values" VALUES(2,2,0,0.4375,'FINITE');
INSERT INTO "trial_values" VALUES(3,3,0,0.375,'FINITE');
INSERT INTO "trial_values" VALUES(4,4,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(5,5,0,0.375,'FINITE');
INSERT INTO "trial_values" VALUES(6,6,0,0.5,'FINITE');
INSERT INTO "trial_values" VALUES(7,7,0,0.625,'FINITE');
INSERT INTO "trial_values" VALUES(8,8,0,0.625,'FINITE');
INSERT INTO "trial_values" VALUES(9,9,0,0.625,'FINITE');
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
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-29 11:14:41.313032','2026-11-29 11:14:41.765343');
INSERT INTO "trials" VALUES(2,1,1,'COMPLETE','2026-11-29 11:14:41.850889','2026-11-29 11:14:41.850889');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-29 11:14:41.895617','2026-11-29 11:14:42.369319');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-29 11:14:42.459198','2026-11-29 11:14:42.872491');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-29 11:14:42.942948','2026-11-29 11:14:43.137244');
INSERT INTO "trials" VALUES(6,5,1,'COMPLETE','2026-11-29 11:14:43.211364','2026-11-29 11:14:43.396254');
INSERT INTO "trials" VALUES(7,0,2,'COMPLETE','2026-11-29 11:14:49.801809','2026-11-29 11:14:50.174803');
INSERT INTO "trials" VALUES(8,1,2,'COMPLETE','2026-11-29 11:14:50.211148','2026-11-29 11:14:50.211148');
INSERT INTO "trials" VALUES(9,2,2,'COMPLETE','2026-11-29 11:14:50.250562','2026-11-29 11:14:50.631793');
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
CREATE INDEX ix_archsearch_trials_repeats ON archsearch_trials (study_id, repeat_of);
CREATE UNIQUE INDEX ix_archsearch_trials_one_per_spec ON archsearch_trials (study_id, spec_id) WHERE repeat_of IS NULL;
CREATE INDEX ix_archsearch_entries_spec_id ON archsearch_entries (spec_id);
CREATE UNIQUE INDEX ix_archsearch_evaluations_complete_once ON archsearch_evaluations ("key") WHERE state = 'complete';
CREATE INDEX ix_archsearch_evaluations_environment ON archsearch_evaluations (environment);
CREATE INDEX ix_archsearch_evaluations_spec_id ON archsearch_evaluations (spec_id);
CREATE INDEX ix_archsearch_attempts_spec_id ON archsearch_attempts (spec_id);
CREATE INDEX ix_archsearch_runs_spec_id ON archsearch_runs (spec_id);
CREATE INDEX ix_archsearch_runs_evaluation_id ON archsearch_runs (evaluation_id);
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE INDEX ix_trials_study_id ON trials (study_id);
COMMIT;
