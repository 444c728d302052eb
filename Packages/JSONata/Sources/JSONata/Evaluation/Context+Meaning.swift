@_spi(Engine) public import JSON

/// What values mean to the operators.
extension Context {
    /// The language's `$boolean`; undefined is false.
    @inline(__always) @_spi(Engine) public func truth(_ value: Value) throws -> Bool {
        switch value.tag {
        case .true: return true
        case .undefined, .null, .false, .function: return false
        case .string: return value.count > 0
        case .number:
            let number = value.double
            guard !number.isInfinite else { throw JSONataError("D1001", "a number is out of range") }
            return number != 0 && !number.isNaN
        case .object: return value.count > 0
        case .host: return true
        case .array: return try truthOfArray(value)
        }
    }

    /// An array is true when any of its items is; nested arrays count by their items.
    private func truthOfArray(_ value: Value) throws -> Bool {
        try checkStack()
        for item in value.elements where try truth(item) { return true }
        return false
    }

    /// Deep equality; members in any order.
    @_spi(Engine) public func equal(_ a: Value, _ b: Value) throws -> Bool {
        guard a.tag == b.tag else { return false }
        switch a.tag {
        case .undefined, .null, .true, .false: return true
        case .number: return a.double == b.double
        case .string: return a.sameString(b)
        case .function, .host: return a.word == b.word
        case .array:
            guard a.count == b.count else { return false }
            if a.word == b.word { return true }
            try checkStack()
            for at in 0..<a.count {
                try tick()
                guard try equal(a.element(at), b.element(at)) else { return false }
            }
            return true
        case .object:
            guard a.count == b.count else { return false }
            if a.word == b.word { return true }
            try checkStack()
            for member in a.members {
                try tick()
                let at = b.position(of: member.key)
                guard at >= 0, try equal(member.value, b.members[at].value) else { return false }
            }
            return true
        }
    }

    /// What `in` compares by: JavaScript's `===`, under which arrays and objects equal themselves only.
    func identical(_ a: Value, _ b: Value) throws -> Bool {
        guard a.tag == b.tag else { return false }
        switch a.tag {
        case .array, .object, .function, .host: return a.word == b.word && a.count == b.count
        default: return try equal(a, b)
        }
    }

    /// Two strings in one.
    @_spi(Engine) public func join(_ a: Value, _ b: Value) throws -> Value {
        if a.count == 0 { return b }
        if b.count == 0 { return a }
        let count = a.count + b.count
        if !a.has(Value.Flag.clean), !b.has(Value.Flag.clean), WTF8Join.halvesMeet(a, b) {
            try reserve(count)
            let bytes = arena.allocate(count).assumingMemoryBound(to: UInt8.self)
            bytes.update(from: a.utf8, count: a.count)
            (bytes + a.count).update(from: b.utf8, count: b.count)
            return WTF8Join.joined(bytes, count, at: a.count)
        }
        let bytes = try extended(a, by: b.count)
        (bytes + a.count).update(from: b.utf8, count: b.count)
        return Value(string: bytes, count: count, flags: a.head & b.head & (Value.Flag.clean | Value.Flag.ascii))
    }

    /// The language's `$string`.
    @_spi(Engine) public func stringify(_ value: Value, pretty: Bool = false) throws -> Value {
        switch value.tag {
        case .string: return value
        case .undefined: return .undefined
        case .true: return string("true")
        case .false: return string("false")
        case .null: return string("null")
        case .function: return string("")
        case .number: return try stringifyNumber(value)
        case .array where value.has(Value.Flag.outer) && value.count == 1:
            return try json(value.element(0), pretty: pretty)
        case .array, .object: return try json(value, pretty: pretty)
        case .host:
            let plain = hostObject(value)?.json(self) ?? .null
            return plain.isString ? plain : try stringify(plain, pretty: pretty)
        }
    }

    private func stringifyNumber(_ value: Value) throws -> Value {
        if value.isText, NumberBytes.isPlainInteger(value.utf8, value.count) {
            return Value(
                string: value.utf8, count: value.count, flags: Value.Flag.clean | Value.Flag.ascii
            )
        }
        let number = value.double
        guard number.isFinite else {
            throw JSONataError("D3001", "a number that is not finite has no text")
        }
        let bytes = arena.allocate(NumberBytes.longest).assumingMemoryBound(to: UInt8.self)
        let rounded = number == number.rounded() ? number : NumberText.toFifteenDigits(number)
        let count = NumberBytes.write(rounded, to: bytes)
        return Value(string: bytes, count: count, flags: Value.Flag.clean | Value.Flag.ascii)
    }

    /// JSON text of a value, numbers rounded to 15 digits.
    private func json(_ value: Value, pretty: Bool) throws -> Value {
        var writer = ValueWriter(sink: state.pointee.scratch)
        writer.sink.count = 0
        // The buffer and the text that is copied from it.
        let memoryLeft = memoryLeft / 2
        writer.limit = min(state.pointee.limits.output, memoryLeft)
        writer.rounds = { NumberText.toFifteenDigits($0) }
        writer.host = { self.hostObject($0)?.json(self) ?? .null }
        defer { state.pointee.scratch = writer.sink }
        do {
            try writer.write(value, pretty: pretty)
        } catch {
            if error.reason == .tooLong, memoryLeft < state.pointee.limits.output { throw memoryFault() }
            throw fault(error)
        }
        let bytes = writer.sink.bytes.bindMemory(to: UInt8.self)
        try work(bytes.count)
        try reserve(bytes.count)
        return Value(copying: bytes, in: arena)
    }

    func fault(_ failure: ValueWriter.Failure) -> any Error {
        switch failure.reason {
        case .tooDeep: StackExhausted()
        case .tooLarge: memoryFault()
        case .nested: JSONataError("D1014", "the result nests deeper than 1,000 levels")
        case .notFinite: JSONataError("D1001", "a number is out of range")
        case .tooLong:
            JSONataError("D1014", "the result is longer than \(state.pointee.limits.output) bytes")
        }
    }
}
