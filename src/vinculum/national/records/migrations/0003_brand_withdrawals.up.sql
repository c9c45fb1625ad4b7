-- A brand corrected or taken back by the jurisdiction that applied it, or gone with its vehicle to another VIN.
-- The brand history keeps the brand; a withdrawal without `restored_at` says that it does not stand.
SET ROLE vinculum_owner;
SET LOCAL lock_timeout = '5s';

CREATE TABLE exchange.brand_withdrawal (
    vin text COLLATE "C" NOT NULL,
    withdrawal_id uuid NOT NULL,
    brand_code text COLLATE "C" NOT NULL,
    brander text COLLATE "C" NOT NULL,
    brand_date date NOT NULL,
    reason text COLLATE "C" NOT NULL CONSTRAINT brand_withdrawal_gives_its_reason CHECK (reason <> ''),
    withdrawn_at timestamptz NOT NULL,
    restored_at timestamptz,
    PRIMARY KEY (vin, withdrawal_id),
    CONSTRAINT brand_withdrawal_is_of_a_brand_on_record
        FOREIGN KEY (vin, brand_code, brander, brand_date) REFERENCES exchange.brand_history
);
CREATE UNIQUE INDEX brand_withdrawal_one_in_force_per_brand
    ON exchange.brand_withdrawal (vin, brand_code, brander, brand_date) WHERE restored_at IS NULL;

ALTER TABLE exchange.notice DROP CONSTRAINT notice_kind_is_known;
ALTER TABLE exchange.notice ADD CONSTRAINT notice_kind_is_known
    CHECK (kind IN ('title_left', 'title_returned', 'brand_corrected', 'brand_removed'));

GRANT SELECT, INSERT, UPDATE (restored_at) ON exchange.brand_withdrawal TO vinculum_app;
RESET ROLE;
