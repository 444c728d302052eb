import JSON
import Testing

@testable import Unified

/// docs/wire.md#request-bodies: which values can be what the schema says. Lenient where a form has no other way to say it.
@Suite struct MemberFaultTests {
    private static let time: JSONValue = ["type": "string", "format": "date-time"]
    private static let people: JSONValue = [
        "type": "array", "items": ["type": "object", "properties": ["email": ["type": "string"], "at": time]],
    ]
    private static let named: JSONValue = ["type": "object", "properties": ["id": ["type": "string"], "name": ["type": "string"]]]
    private static let reference: JSONValue = ["type": "object", "properties": ["id": ["type": "string"]]]

    /// A value, its schema, and the place of the fault; nil: it fits.
    static let rows: [(JSONValue, JSONValue, String?)] = [
        ("2026-11-28T09:30:00Z", time, nil), ("2026-11-28T09:30:00+02:00", time, nil), ("2026-11-28", time, nil), ("", time, nil),
        (nil, time, nil), ("tomorrow", time, "m"), (1_700_000_000, time, "m"), (["gte": "2026-11-28"], time, "m"),
        ("a", ["type": "string"], nil), (7, ["type": "string"], nil), (true, ["type": "string"], nil),
        (["a"], ["type": "string"], "m"), (["a": 1], ["type": "string"], "m"), ("a", ["type": "string", "enum": ["b"]], nil),
        (true, ["type": "boolean"], nil), ("False", ["type": "boolean"], nil), (1, ["type": "boolean"], nil),
        ("", ["type": "boolean"], nil),
        ("yes", ["type": "boolean"], "m"), ([], ["type": "boolean"], "m"), (3, ["type": "integer"], nil), ("3", ["type": "number"], nil),
        ("three", ["type": "number"], "m"),
        ([["email": "a"]], people, nil), (["email": "a"], people, nil), ([], people, nil), ("a@example.com", people, "m"),
        (["a@example.com"], people, "m[0]"), ([["email": "a"], ["email": ["b"]]], people, "m[1][email]"),
        ([["at": "soon"]], people, "m[0][at]"), ("Berlin", ["type": "array", "items": ["type": "string"]], nil),
        ([["city": "Berlin"]], ["type": "array", "items": ["type": "string"]], "m[0]"),
        (["id": "1"], reference, nil), (["name": "x"], reference, "m"), (["id": ["1"]], reference, "m"), ("1", reference, "m"),
        (["name": "x"], named, nil), (["name": ["x"]], named, "m[name]"), (["other": "x"], named, "m"),
        (["$file": "t"], ["type": "string", "format": "binary"], nil), (["any"], [:], nil),
    ]

    @Test(arguments: rows) func `a value is what its schema says, or is refused by its place`(
        value: JSONValue, schema: JSONValue, place: String?
    ) {
        let fault = MemberFault("m", value, schema)
        #expect(fault?.name == place)
        #expect(fault?.hint.isEmpty != true)
    }
}
