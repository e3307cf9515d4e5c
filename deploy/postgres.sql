-- Two roles and a database, once, as PostgreSQL's superuser:
--   sudo -u postgres psql -v ON_ERROR_STOP=1 -v owner_password=… -v app_password=… -f deploy/postgres.sql
-- The owner migrates (qingfeng-migrate.service); the runtime role runs web server and worker and owns nothing.
-- Tables get their rights after each migration by `manage.py grant_runtime`, run as the owner.
\if :{?database}
\else
  \set database qingfeng
\endif
\if :{?owner}
\else
  \set owner qingfeng_owner
\endif
\if :{?app}
\else
  \set app qingfeng_app
\endif

CREATE ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
CREATE ROLE :"app" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT PASSWORD :'app_password';
CREATE DATABASE :"database" OWNER :"owner" ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app";

\connect :"database"
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"app";
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";

-- Nothing of a ballot may reach the server's log, nor the time of a single statement.
ALTER ROLE :"app" IN DATABASE :"database" SET log_statement = 'none';
ALTER ROLE :"app" IN DATABASE :"database" SET log_min_duration_statement = -1;
ALTER ROLE :"app" IN DATABASE :"database" SET log_min_error_statement = 'panic';
ALTER ROLE :"app" IN DATABASE :"database" SET log_min_messages = 'fatal';
ALTER ROLE :"app" IN DATABASE :"database" SET log_duration = off;
