-- +goose Up
-- Who a request can go to: a unit that works with an inbox here, another unit of
-- the municipality, an institution. Never deleted: referrals name it.
CREATE TABLE unit (
    code     TEXT PRIMARY KEY,
    name     TEXT NOT NULL CHECK (name <> ''),
    kind     TEXT NOT NULL CHECK (kind IN ('integrated', 'municipal', 'institution')),
    contact  TEXT NOT NULL DEFAULT '',   -- who to ask for
    phone    TEXT NOT NULL DEFAULT '',
    email    TEXT NOT NULL DEFAULT '',
    address  TEXT NOT NULL DEFAULT '',
    channel  TEXT NOT NULL CHECK (channel IN ('inbox', 'link', 'letter')),
    active   INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    casework INTEGER NOT NULL DEFAULT 0 CHECK (casework IN (0, 1)), -- its referrals wait in an assignment queue
    version  INTEGER NOT NULL DEFAULT 1,
    CHECK ((kind = 'integrated') = (channel = 'inbox')),
    CHECK (channel <> 'link' OR email <> '')
) STRICT, WITHOUT ROWID;

-- The names that lead to a unit: providers of catalogue items, and other ways to
-- write them. One name leads to one unit.
CREATE TABLE unit_provider (
    provider TEXT PRIMARY KEY,           -- folded: lower case, no accents, single spaces
    unit     TEXT NOT NULL REFERENCES unit (code),
    written  TEXT NOT NULL,              -- as people read it
    fixed    INTEGER NOT NULL DEFAULT 0 CHECK (fixed IN (0, 1)) -- a provider of the national catalogue: it always leads somewhere
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_provider_unit ON unit_provider (unit);

-- Who is away, and who does the work meanwhile.
CREATE TABLE absence (
    id               TEXT PRIMARY KEY,
    user_id          TEXT NOT NULL,      -- of the roster
    name             TEXT NOT NULL,
    unit             TEXT NOT NULL,      -- where the person works, '' for a desk without unit
    from_on          TEXT NOT NULL,      -- civil dates, both included
    to_on            TEXT NOT NULL,
    replacement_id   TEXT NOT NULL,
    replacement_name TEXT NOT NULL,
    reason           TEXT NOT NULL,
    created_at       TEXT NOT NULL,
    created_by       TEXT NOT NULL,
    created_by_name  TEXT NOT NULL,
    ended_at         TEXT,               -- ended before its time, or called off
    ended_by_name    TEXT NOT NULL DEFAULT '',
    CHECK (from_on <= to_on OR ended_at IS NOT NULL), -- called off before it began: it never was
    CHECK (user_id <> replacement_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX absence_user ON absence (user_id, to_on);
CREATE INDEX absence_replacement ON absence (replacement_id, to_on);
CREATE INDEX absence_unit ON absence (unit, to_on);

-- What a municipality starts with.
INSERT INTO unit (code, name, kind, channel, casework) VALUES
    ('social', 'Asistencia Social', 'integrated', 'inbox', 1),
    ('rsh', 'Registro Social de Hogares', 'integrated', 'inbox', 0),
    ('subsidies', 'Subsidios Sociales', 'integrated', 'inbox', 0),
    ('families', 'Programa Familias', 'municipal', 'letter', 1),
    ('care', 'Red Local de Apoyos y Cuidados', 'municipal', 'letter', 1),
    ('vivienda', 'Vivienda (EGIS municipal)', 'municipal', 'letter', 0),
    ('omil', 'Oficina Municipal de Intermediación Laboral (OMIL)', 'municipal', 'letter', 0),
    ('ninez', 'Oficina Local de la Niñez', 'municipal', 'letter', 0),
    ('mujer', 'Centro de la Mujer', 'municipal', 'letter', 0),
    ('discapacidad', 'Oficina de Discapacidad', 'municipal', 'letter', 0),
    ('personas-mayores', 'Oficina de Personas Mayores', 'municipal', 'letter', 0),
    ('migrantes', 'Oficina de Migrantes', 'municipal', 'letter', 0),
    ('educacion', 'Becas y educación', 'municipal', 'letter', 0),
    ('asuntos-indigenas', 'Asuntos Indígenas', 'municipal', 'letter', 0),
    ('salud', 'Salud municipal (CESFAM)', 'municipal', 'letter', 0),
    ('chile-crece-contigo', 'Chile Crece Contigo', 'municipal', 'letter', 0),
    ('serviu', 'SERVIU', 'institution', 'letter', 0),
    ('ips', 'IPS ChileAtiende', 'institution', 'letter', 0),
    ('registro-civil', 'Registro Civil', 'institution', 'letter', 0),
    ('senadis', 'SENADIS', 'institution', 'letter', 0),
    ('senama', 'SENAMA', 'institution', 'letter', 0),
    ('sernameg', 'SernamEG', 'institution', 'letter', 0),
    ('caj', 'Corporación de Asistencia Judicial', 'institution', 'letter', 0),
    ('fosis', 'FOSIS', 'institution', 'letter', 0),
    ('red-asistencial', 'Hospital o red asistencial', 'institution', 'letter', 0),
    ('organizacion-social', 'Fundación u organización social', 'institution', 'letter', 0);
INSERT INTO unit_provider (provider, unit, written, fixed) VALUES
    ('asistencia social', 'social', 'Asistencia Social', 1),
    ('registro social de hogares', 'rsh', 'Registro Social de Hogares', 1),
    ('subsidios sociales', 'subsidies', 'Subsidios Sociales', 1),
    ('programa familias', 'families', 'Programa Familias', 1),
    ('red local de apoyos y cuidados', 'care', 'Red Local de Apoyos y Cuidados', 1),
    ('vivienda egis municipal', 'vivienda', 'Vivienda (EGIS municipal)', 1),
    ('oficina municipal de intermediacion laboral omil', 'omil', 'Oficina Municipal de Intermediación Laboral (OMIL)', 1),
    ('oficina local de la ninez', 'ninez', 'Oficina Local de la Niñez', 1),
    ('centro de la mujer', 'mujer', 'Centro de la Mujer', 1),
    ('oficina de discapacidad', 'discapacidad', 'Oficina de Discapacidad', 1),
    ('oficina de personas mayores', 'personas-mayores', 'Oficina de Personas Mayores', 1),
    ('oficina de migrantes', 'migrantes', 'Oficina de Migrantes', 1),
    ('becas y educacion', 'educacion', 'Becas y educación', 1),
    ('asuntos indigenas', 'asuntos-indigenas', 'Asuntos Indígenas', 1),
    ('salud municipal cesfam', 'salud', 'Salud municipal (CESFAM)', 1),
    ('chile crece contigo', 'chile-crece-contigo', 'Chile Crece Contigo', 1),
    ('serviu', 'serviu', 'SERVIU', 1),
    ('ips chileatiende', 'ips', 'IPS ChileAtiende', 1),
    ('registro civil', 'registro-civil', 'Registro Civil', 1),
    ('senadis', 'senadis', 'SENADIS', 1),
    ('senama', 'senama', 'SENAMA', 1),
    ('sernameg', 'sernameg', 'SernamEG', 1),
    ('corporacion de asistencia judicial', 'caj', 'Corporación de Asistencia Judicial', 1),
    ('fosis', 'fosis', 'FOSIS', 1),
    ('hospital o red asistencial', 'red-asistencial', 'Hospital o red asistencial', 1),
    ('fundacion u organizacion social', 'organizacion-social', 'Fundación u organización social', 1);
