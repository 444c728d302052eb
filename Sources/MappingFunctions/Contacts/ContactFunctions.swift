@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension Extensions {
    /// Rules that every vendor's mapping shares, so that no two of them split a name or name a phone differently.
    static let contacts: [NativeFunction] = [
        NativeFunction("splitName", nil, arity: 1) { c, a in
            guard let text = try c.shortText(a[0]), let name = PersonName(text) else { return .undefined }
            let members = [("first_name", name.first), ("last_name", name.last)]
            return c.object(members.compactMap { key, value in value.map { (key, c.string($0)) } })
        },
        folded("phoneType") { ContactTypes.phone($0) },
        folded("emailType") { ContactTypes.email($0) },
        NativeFunction("urlType", nil, arity: 2) { c, a in
            let type = ContactTypes.url(try c.shortText(a[0]), address: try c.shortText(a[1]))
            return type.map { c.string($0) } ?? .undefined
        },
        NativeFunction("isoTime", nil, arity: 2) { c, a in
            if a[0].tag == .null { return .null }
            if a[0].isNumber { return try c.moment(WireTime.epoch(a[0].double)) }
            guard a[0].isString else {
                return try c.moment((c.hostObject(a[0]) as? DateObject)?.date.millis)
            }
            if WireTime.isNormal(a[0].bytes) { return a[0] }
            if let millis = WireTime.millis(a[0].bytes) { return try c.moment(millis) }
            guard let text = try c.shortText(a[0]) else { return .undefined }
            let zone = a[1].isString ? DateTime.zone(named: c.swiftString(a[1])) : nil
            return try c.moment(WireTime.millis(text, zone: zone ?? .utc))
        },
    ]

    private static func folded(_ name: String, _ fold: @escaping @Sendable (String) -> String) -> NativeFunction {
        NativeFunction(name, nil, arity: 1) { c, a in
            try c.shortText(a[0]).map { c.string(fold($0)) } ?? .undefined
        }
    }
}

extension Context {
    /// The text, nil for anything else and for an empty one. Paid for by its length.
    fileprivate func shortText(_ value: Value) throws -> String? {
        guard value.isString, value.count > 0 else { return nil }
        try work(value.count)
        return swiftString(value)
    }

    fileprivate func moment(_ millis: Int?) throws -> Value {
        guard let millis, WireTime.hasText(millis) else { return .undefined }
        return try string(capacity: WireTime.length) { text in
            WireTime.write(millis, to: text)
            return WireTime.length
        }
    }
}
