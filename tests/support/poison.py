"""A database that refuses a message for its text."""

POISON = """
CREATE FUNCTION messaging.refuse_poison() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '22000'; END $$;
CREATE TRIGGER refuse_poison BEFORE INSERT ON messaging.messages
FOR EACH ROW WHEN (NEW.text = 'poison') EXECUTE FUNCTION messaging.refuse_poison();
CREATE TRIGGER refuse_poison BEFORE INSERT ON messaging.message_templates
FOR EACH ROW WHEN (NEW.name = 'poison') EXECUTE FUNCTION messaging.refuse_poison();
"""
