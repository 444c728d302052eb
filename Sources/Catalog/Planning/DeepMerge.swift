import JSON

/// The ways in which two objects become one.
enum DeepMerge {
    /// Override semantics: objects merge, everything else is replaced, null removes the member.
    static func overriding(_ base: JSONValue, with override: JSONValue) -> JSONValue {
        guard let overrideObject = override.object, var object = base.object else {
            return stripped(override)
        }
        for (key, value) in overrideObject {
            if value.isNull {
                object[key] = nil
            } else if let current = object[key] {
                object[key] = overriding(current, with: value)
            } else {
                object[key] = stripped(value)
            }
        }
        return .object(object)
    }

    /// A null that finds nothing to remove leaves nothing behind.
    private static func stripped(_ value: JSONValue) -> JSONValue {
        guard let object = value.object else { return value }
        return .object(JSONObject(object.elements.filter { !$0.value.isNull }.map { ($0.key, stripped($0.value)) }))
    }

    /// `$truto_merge`: objects merge, arrays are appended to each other, the later value wins.
    static func concatenatingArrays(_ base: JSONObject, _ other: JSONObject) -> JSONObject {
        var object = base
        for (key, value) in other {
            switch (object[key], value) {
            case (.object(let a)?, .object(let b)) where !isOpaque(a) && !isOpaque(b):
                object[key] = .object(concatenatingArrays(a, b))
            case (.array(let a)?, .array(let b)): object[key] = .array(a + b)
            default: object[key] = value
            }
        }
        return object
    }

    /// `remote_data` over a mapped body: objects merge, everything else is replaced, null is a value.
    static func winning(_ base: JSONObject, _ other: JSONObject) -> JSONObject {
        var object = base
        for (key, value) in other {
            if let a = object[key]?.object, let b = value.object, !isOpaque(a), !isOpaque(b) {
                object[key] = .object(winning(a, b))
            } else {
                object[key] = value
            }
        }
        return object
    }

    /// A file handle is one value, not an object to merge into.
    private static func isOpaque(_ object: JSONObject) -> Bool { object["$file"] != nil || object["$blob"] != nil }
}
