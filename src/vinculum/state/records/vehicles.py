"""Vehicles as the book has them, and the writing of what a deal says about one."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from vinculum.access.database import Connection, one
from vinculum.state.law.deal import DeclaredVehicle, OdometerDisclosure
from vinculum.state.law.on_file import LienOnFile, RegistrationOnFile, TitleOnFile, VehicleOnFile

_VEHICLE = """
SELECT (SELECT jsonb_build_object(
            'id', t.id, 'number', t.number, 'issue_date', t.issue_date,
            'owners', (SELECT coalesce(jsonb_agg(o.name ORDER BY o.line), '[]')
                         FROM book.title_owner AS o WHERE o.title_id = t.id),
            'legends', (SELECT coalesce(jsonb_agg(l.legend ORDER BY l.legend), '[]')
                          FROM book.title_legend AS l WHERE l.title_id = t.id),
            'liens', (SELECT coalesce(jsonb_agg(jsonb_build_array(n.lienholder_code, n.lienholder_name, n.lien_date)
                                                ORDER BY n.line), '[]')
                        FROM book.lien AS n WHERE n.title_id = t.id AND n.closed_by IS NULL))
          FROM book.title AS t WHERE t.vin = v.vin AND t.closed_by IS NULL),
       (SELECT jsonb_build_object(
            'id', r.id, 'plate', r.plate_number, 'expires_on', r.expires_on, 'open', r.closed_by IS NULL,
            'owners', (SELECT coalesce(jsonb_agg(o.name ORDER BY o.line), '[]')
                         FROM book.registration_owner AS o WHERE o.registration_id = r.id))
          FROM book.registration AS r WHERE r.vin = v.vin
         ORDER BY (r.closed_by IS NULL) DESC, r.expires_on DESC LIMIT 1),
       (SELECT jsonb_build_array(o.reading, o.read_on) FROM book.odometer_reading AS o
         WHERE o.vin = v.vin AND o.closed_by IS NULL ORDER BY o.read_on DESC, o.reading DESC LIMIT 1),
       (SELECT d.gvwr_pounds FROM book.vehicle_detail AS d WHERE d.vin = v.vin AND d.closed_by IS NULL),
       (SELECT coalesce(array_agg(DISTINCT b.code ORDER BY b.code), '{}') FROM book.brand AS b
         WHERE b.vin = v.vin AND b.closed_by IS NULL)
  FROM book.vehicle AS v WHERE v.vin = %s
"""


def lock_vehicle(connection: Connection, vin: str) -> None:
    """Let one deal at a time decide about a VIN, on the book or not yet on it."""
    connection.execute("SELECT pg_advisory_xact_lock(72, hashtext(%s))", (vin,))


def load_vehicle(connection: Connection, vin: str) -> VehicleOnFile:
    """What the book knows of the VIN; all empty when it has never seen it."""
    row = one(connection, _VEHICLE, (vin,))
    if row is None:
        return VehicleOnFile()
    title, registration, odometer, gvwr, brands = row
    return VehicleOnFile(
        title=_title(title) if title else None,
        registration=_registration(registration) if registration else None,
        last_odometer=odometer[0] if odometer else None,
        last_odometer_on=date.fromisoformat(odometer[1]) if odometer else None,
        gvwr_pounds=gvwr,
        brand_codes=tuple(brands),
    )


def write_vehicle(
    connection: Connection,
    *,
    entry_id: UUID,
    vin: str,
    vehicle: DeclaredVehicle,
    decoded: dict[str, Any] | None,
) -> None:
    """Put the vehicle on the book as declared, with its decode as evidence; an earlier description is closed."""
    connection.execute(
        "INSERT INTO book.vehicle (vin, opened_by) VALUES (%s, %s) ON CONFLICT (vin) DO NOTHING",
        (vin, entry_id),
    )
    connection.execute(
        "UPDATE book.vehicle_detail SET closed_by = %s WHERE vin = %s AND closed_by IS NULL", (entry_id, vin)
    )
    connection.execute(
        """INSERT INTO book.vehicle_detail (id, vin, model_year, make, model, body_style, vehicle_type, fuel, colour,
                                            gvwr_pounds, light_weight_pounds, decoded, opened_by)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
        (
            uuid4(),
            vin,
            vehicle.model_year,
            vehicle.make,
            vehicle.model,
            vehicle.body_style,
            vehicle.vehicle_type,
            vehicle.fuel,
            vehicle.colour,
            vehicle.gvwr_pounds,
            vehicle.light_weight_pounds,
            Jsonb(decoded) if decoded is not None else None,
            entry_id,
        ),
    )


def write_odometer(
    connection: Connection, *, entry_id: UUID, vin: str, odometer: OdometerDisclosure, read_on: date
) -> None:
    """Keep the odometer statement of a deal."""
    connection.execute(
        """INSERT INTO book.odometer_reading (id, vin, reading, brand, read_on, opened_by)
           VALUES (%s, %s, %s, %s, %s, %s)""",
        (uuid4(), vin, odometer.reading, odometer.brand, read_on, entry_id),
    )


def write_brand(
    connection: Connection, *, entry_id: UUID, vin: str, code: str, brander: str, brand_date: date
) -> None:
    """Keep a brand on the VIN; the same brand by the same brander of the same day stands once."""
    connection.execute(
        """INSERT INTO book.brand (id, vin, code, brander, brand_date, opened_by) VALUES (%s, %s, %s, %s, %s, %s)
           ON CONFLICT (vin, code, brander, brand_date) WHERE closed_by IS NULL DO NOTHING""",
        (uuid4(), vin, code, brander, brand_date, entry_id),
    )


def reopen_vehicle_description(
    connection: Connection, *, vin: str, voided_entry: UUID, entry_id: UUID
) -> None:
    """Undo what a voided deal said of the vehicle: its description and reading close, the one before returns."""
    connection.execute(
        "UPDATE book.odometer_reading SET closed_by = %s WHERE vin = %s AND opened_by = %s AND closed_by IS NULL",
        (entry_id, vin, voided_entry),
    )
    closed = connection.execute(
        "UPDATE book.vehicle_detail SET closed_by = %s WHERE vin = %s AND opened_by = %s AND closed_by IS NULL",
        (entry_id, vin, voided_entry),
    )
    if closed.rowcount:
        connection.execute(
            """INSERT INTO book.vehicle_detail (id, vin, model_year, make, model, body_style, vehicle_type, fuel,
                                                colour, gvwr_pounds, light_weight_pounds, decoded, opened_by)
               SELECT gen_random_uuid(), vin, model_year, make, model, body_style, vehicle_type, fuel, colour,
                      gvwr_pounds, light_weight_pounds, decoded, %s
                 FROM book.vehicle_detail WHERE vin = %s AND closed_by = %s""",
            (entry_id, vin, voided_entry),
        )


def _title(found: dict[str, Any]) -> TitleOnFile:
    return TitleOnFile(
        title_id=UUID(found["id"]),
        number=found["number"],
        issue_date=date.fromisoformat(found["issue_date"]),
        owner_names=tuple(found["owners"]),
        legends=tuple(found["legends"]),
        liens=tuple(
            LienOnFile(lienholder_code=code, lienholder_name=name, lien_date=date.fromisoformat(day))
            for code, name, day in found["liens"]
        ),
    )


def _registration(found: dict[str, Any]) -> RegistrationOnFile:
    return RegistrationOnFile(
        registration_id=UUID(found["id"]),
        plate_number=found["plate"],
        expires_on=date.fromisoformat(found["expires_on"]),
        owner_names=tuple(found["owners"]),
        open=found["open"],
    )
