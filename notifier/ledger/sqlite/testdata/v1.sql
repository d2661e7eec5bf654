-- A ledger as version 1 of its schema was written by breachmail: two batches,
-- of three and one rows set aside without marks, every kind of outcome, a
-- claim without one, and decisions. The people are made up.
BEGIN TRANSACTION;
CREATE TABLE exports(
  digest BLOB PRIMARY KEY, name TEXT NOT NULL, batch INTEGER NOT NULL,
  rows INTEGER NOT NULL, recipients INTEGER NOT NULL, merged INTEGER NOT NULL,
  rejected INTEGER NOT NULL, already_told INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO exports VALUES(X'6bdb262b0201799aefb0ae4116c6fb88f549425e30cd85a7f75a06be246751cf','east.csv',1,12,7,2,3,0);
INSERT INTO exports VALUES(X'76a796208b71779c0331e79e8ac17df979c7d2c5bd10b491c94bd1e16d422088','west.csv',2,7,2,3,1,1);
CREATE TABLE batches(
  number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
  digest BLOB NOT NULL, at INTEGER NOT NULL);
INSERT INTO batches VALUES(1,1,7,X'be9c9f7377205048afe8d2f45e343d6200876e7d5f6ba7b3cbad2ddd6391776a',1535097600);
INSERT INTO batches VALUES(2,8,9,X'23e7b62291be389cbe164672d780f4fcf7b4e3d5a9212bcf1848cfd822e421f1',1535097600);
CREATE TABLE blocks(
  batch INTEGER NOT NULL, n INTEGER NOT NULL, digest BLOB NOT NULL,
  PRIMARY KEY(batch, n)) WITHOUT ROWID;
INSERT INTO blocks VALUES(1,0,X'5247322b134c53a07429a47a5c73b497c04fc75758baced03e99f9d289d0cd8a');
INSERT INTO blocks VALUES(2,0,X'8f9c53f7d226419633b7638d0696f4e8ef30cb3c913da8af630f9acae4587982');
CREATE TABLE variants(
  id INTEGER PRIMARY KEY, template TEXT NOT NULL, language TEXT NOT NULL,
  types TEXT NOT NULL, state TEXT NOT NULL,
  UNIQUE(template, language, types, state));
INSERT INTO variants VALUES(1,'notice','en','prepaid','');
INSERT INTO variants VALUES(2,'notice','en','both','');
CREATE TABLE relays(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO relays VALUES(1,'primary');
CREATE TABLE waves(
  n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
  recipients INTEGER NOT NULL, percent REAL NOT NULL);
INSERT INTO waves VALUES(0,'pilot',2,0.0);
INSERT INTO waves VALUES(1,'rest',0,0.0);
CREATE TABLE recipients(
  id INTEGER PRIMARY KEY, key BLOB NOT NULL, wave INTEGER,
  status INTEGER NOT NULL, attempts INTEGER NOT NULL, tries INTEGER NOT NULL,
  first INTEGER, due INTEGER, reason TEXT, address TEXT, name TEXT, phone TEXT,
  zip TEXT, state TEXT NOT NULL, language TEXT, accounts TEXT NOT NULL,
  variant INTEGER NOT NULL);
INSERT INTO recipients VALUES(1,X'177ecf569038609495fa1f78b7814c52',0,12,1,0,NULL,NULL,NULL,'person4@east.example','Dan Four','+1 800 555 0103','94105','CA',NULL,'prepaid east00003',1);
INSERT INTO recipients VALUES(2,X'65b1fb221d8e162bef97d58792d004cf',0,13,1,0,NULL,NULL,NULL,'person7@east.example','Gus Seven','+1 800 555 0106','94105','CA',NULL,'prepaid east00006',1);
INSERT INTO recipients VALUES(3,X'88b5c2ac640c1ddbadca964ea096c487',1,14,1,0,NULL,NULL,NULL,'person6@east.example','Finn Six','+1 800 555 0105','94105','CA',NULL,'prepaid east00005',1);
INSERT INTO recipients VALUES(4,X'd03cf02544a07328aaf8bd31b08f4630',NULL,20,0,0,NULL,NULL,'no email address',NULL,'Ben Two','+1 800 555 0101','94105','CA',NULL,'prepaid east00001',1);
INSERT INTO recipients VALUES(5,X'de15275fe09fc5520af6915f8c706aff',1,11,1,1,1535101200,1535101260000,NULL,'person3@east.example','Cora Three','+1 800 555 0102','94105','CA','es',replace('prepaid east00002\npostpaid zzz-1','\n',char(10)),2);
INSERT INTO recipients VALUES(6,X'f16d72b388742e506735d269851cf5f8',1,10,0,0,NULL,NULL,NULL,'person5@east.example','Eve Five','+1 800 555 0104','94105','CA',NULL,'prepaid east00004',1);
INSERT INTO recipients VALUES(7,X'f32b18be933c7d4559f6bcb0a6303306',1,10,0,0,NULL,NULL,NULL,'person1@east.example','Ada One','+1 800 555 0100','94105','CA',NULL,'prepaid east00000',1);
INSERT INTO recipients VALUES(8,X'8d7eb6bbf8fb0adb1d98e168969a52e3',NULL,20,0,0,NULL,NULL,'no email address',NULL,'Ida Nine','+1 800 555 0101','94105','CA',NULL,'prepaid west00001',1);
INSERT INTO recipients VALUES(9,X'9580792d8148de28bc7429ce99aa9dee',1,10,0,0,NULL,NULL,NULL,'person1@west.example','Hal Eight','+1 800 555 0100','94105','CA',NULL,'prepaid west00000',1);
CREATE TABLE tally(
  wave INTEGER NOT NULL, status INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(wave, status)) WITHOUT ROWID;
INSERT INTO tally VALUES(0,10,0);
INSERT INTO tally VALUES(0,12,1);
INSERT INTO tally VALUES(0,13,1);
INSERT INTO tally VALUES(1,10,3);
INSERT INTO tally VALUES(1,11,1);
INSERT INTO tally VALUES(1,14,1);
CREATE TABLE groups(
  batch INTEGER NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL,
  reason TEXT NOT NULL, variant INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(batch, channel, state, reason, variant)) WITHOUT ROWID;
INSERT INTO "groups" VALUES(1,'email','CA','',1,5);
INSERT INTO "groups" VALUES(1,'email','CA','',2,1);
INSERT INTO "groups" VALUES(1,'postal','CA','no email address',1,1);
INSERT INTO "groups" VALUES(2,'email','CA','',1,1);
INSERT INTO "groups" VALUES(2,'postal','CA','no email address',1,1);
CREATE TABLE claims(
  id INTEGER PRIMARY KEY, attempt INTEGER NOT NULL, wave INTEGER NOT NULL,
  relay INTEGER NOT NULL, at INTEGER NOT NULL, approval INTEGER NOT NULL,
  was INTEGER NOT NULL);
INSERT INTO claims VALUES(6,1,1,1,1535101200,1,10);
CREATE TABLE late(key BLOB NOT NULL, accounts TEXT NOT NULL, export TEXT NOT NULL);
INSERT INTO late VALUES(X'9580792d8148de28bc7429ce99aa9dee','prepaid west00000','west.csv');
CREATE TABLE attempts(
  seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, key BLOB, wave INTEGER,
  attempt INTEGER, claimed INTEGER, known INTEGER, relay INTEGER,
  outcome INTEGER, cause TEXT, code INTEGER, enhanced TEXT, reply TEXT,
  relay_id TEXT, variant INTEGER, digest BLOB, approval INTEGER, note TEXT,
  chain BLOB NOT NULL);
INSERT INTO attempts VALUES(1,1,NULL,NULL,NULL,NULL,1535101200000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"by":"A. Counsel, General Counsel","text":"t","lists":{"1":"l"},"code":"c","items":{"i":"d"},"at":"2018-08-24T09:00:00Z"}',X'24e2b0fb5f27e2e730ec66599a16c73fd89849d5ec51b14358a7f599a15225a0');
INSERT INTO attempts VALUES(2,0,X'177ecf569038609495fa1f78b7814c52',0,1,1535101200,1535101201000,1,12,NULL,250,'2.0.0','ok','4XYZ',1,X'62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a',1,NULL,X'896f0bd01d0f19f11253ca7f9496fe21270fcbbf4fab558f6910bf1a177a1b11');
INSERT INTO attempts VALUES(3,0,X'65b1fb221d8e162bef97d58792d004cf',0,1,1535101200,1535101201000,1,13,NULL,250,'2.0.0','ok','4XYZ',1,X'62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a',1,NULL,X'376c0a79405e1000e1867e5eedd0d7d31555fdfe233cd715fe8792346d1f1c1f');
INSERT INTO attempts VALUES(4,0,X'88b5c2ac640c1ddbadca964ea096c487',1,1,1535101200,1535101201000,1,14,NULL,250,'2.0.0','ok','4XYZ',1,X'62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a',1,NULL,X'0e48c087224cf8434272d630223cb54c3edb6a198966505eac78be32a4268121');
INSERT INTO attempts VALUES(5,0,X'de15275fe09fc5520af6915f8c706aff',1,1,1535101200,1535101201000,1,11,NULL,250,'2.0.0','ok','4XYZ',2,X'62c66a7a5dd70c3146618063c344e531e6d4b59e379808443ce962b3abd63c5a',1,NULL,X'a1c061edad0c4f0241e94b17ada68ad50a9ed1e6cd54a1cfe555cc82022e0bb2');
INSERT INTO attempts VALUES(6,4,NULL,NULL,NULL,NULL,1535101200000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"wave":"pilot"}',X'247cc9c43558a72299577b171f8dc4cc1120a44ef3623aa63b1b2480e3180809');
INSERT INTO attempts VALUES(7,2,NULL,NULL,NULL,NULL,1535101200000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"reason":"refused","at":"2018-08-24T09:00:00Z"}',X'863cd049e56c0a0679b8ba2091b371012771c89bf685f3bdcf519318f58df35c');
CREATE UNIQUE INDEX recipients_key ON recipients(key);
CREATE INDEX recipients_pending ON recipients(wave, id) WHERE status = 10;
CREATE INDEX recipients_deferred ON recipients(due) WHERE status = 11;
CREATE INDEX recipients_unknown ON recipients(id) WHERE status = 14;
CREATE INDEX attempts_kind ON attempts(kind) WHERE kind <> 0;
COMMIT;
PRAGMA application_id = 1651663720;
PRAGMA user_version = 1;
