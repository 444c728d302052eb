import JSON

extension JSONObject {
    /// The members of both; objects in both merge member by member, `null` removes, anything else is replaced.
    func merging(deep other: JSONObject) -> JSONObject {
        var result = self
        for (key, value) in other {
            switch (result[key], value) {
            case (_, .null): result[key] = nil
            case (.object(let mine)?, .object(let theirs)): result[key] = .object(mine.merging(deep: theirs))
            case (_, .object(let theirs)): result[key] = .object(JSONObject().merging(deep: theirs))
            default: result[key] = value
            }
        }
        return result
    }

    /// The value at a path; setting one makes the objects on the way, setting nil leaves them.
    subscript(path: ArraySlice<String>) -> JSONValue? {
        get {
            guard let first = path.first else { return .object(self) }
            guard path.count > 1 else { return self[first] }
            return self[first]?.object?[path.dropFirst()]
        }
        set {
            guard let first = path.first else { return }
            guard path.count > 1 else {
                self[first] = newValue
                return
            }
            if newValue == nil, self[first]?.object == nil { return }
            var inner = self[first]?.object ?? JSONObject()
            inner[path.dropFirst()] = newValue
            self[first] = .object(inner)
        }
    }
}
