@_spi(Engine) import JSON

/// The matches of a regular expression, or of a user's matcher function, one after the other.
struct MatchSequence {
    /// The text matched on; for a regex every UTF-16 code unit is a sequence of its own.
    private(set) var subject: Value
    private let matcher: Value
    private let regex: Unmanaged<RegularExpression>?
    private let split: Bool
    /// Byte offsets of the current match in `subject`.
    private(set) var start = 0
    private(set) var end = 0
    private var began = false
    /// The object a user's matcher returned.
    private var result = Value.undefined

    init(_ c: Context, _ matcher: Value, _ text: Value) {
        self.matcher = matcher
        subject = text
        if matcher.isFunction, matcher.function.pointee.kind == .regex {
            regex = Unmanaged.fromOpaque(matcher.function.pointee.object)
            split = !text.has(Value.Flag.ascii) && RegexSubject.needsSplitting(text.bytes)
            if split { subject = c.string(RegexSubject.split(text.bytes)) }
        } else {
            regex = nil
            split = false
        }
    }

    /// Goes to the next match; false when there is none.
    mutating func advance(_ c: Context) throws -> Bool {
        try c.tick()
        guard let regex else { return try advanceUser(c) }
        if began, end >= subject.count { return false }
        let from = began ? end : 0
        let found = try regex._withUnsafeGuaranteedRef {
            try $0.firstMatch(in: subject.bytes, from: from, c.regexScratch)
        }
        guard found else { return false }
        let range = c.regexScratch.match
        if began, range.isEmpty {
            throw JSONataError("D1004", "the regular expression matches an empty string")
        }
        (start, end) = (range.lowerBound, range.upperBound)
        began = true
        return true
    }

    /// Pairs of surrogates that matching took apart, put together again.
    func joined(_ c: Context, _ value: Value) -> Value {
        split ? ByteText.joined(c, value) : value
    }

    /// What matched.
    var matched: Value {
        Value(
            string: subject.utf8 + start, count: end - start,
            flags: subject.head & (Value.Flag.clean | Value.Flag.ascii)
        )
    }

    var groupCount: Int {
        if let regex { return regex._withUnsafeGuaranteedRef { $0.groupCount } }
        let groups = Self.member(result, "groups")
        return groups.isArray ? groups.count : 0
    }

    /// A group, counted from 1; nil if it took no part.
    func group(_ number: Int, _ c: Context) -> Value? {
        guard number >= 1, number <= groupCount else { return nil }
        if regex != nil {
            return c.regexScratch.group(number).map { c.slice(subject, $0.lowerBound, $0.upperBound) }
        }
        let group = Self.member(result, "groups").element(number - 1)
        return group.isString ? group : nil
    }

    /// The match as an object: `match`, `index`, `groups`, or in full as a matcher returns it.
    func object(_ c: Context, full: Bool) throws -> Value {
        if regex == nil {
            if full { return result }
            return c.object([
                ("match", Self.member(result, "match")), ("index", Self.member(result, "start")),
                ("groups", Self.member(result, "groups")),
            ])
        }
        var groups: [Value] = []
        for number in 0..<groupCount { groups.append(group(number + 1, c).map { joined(c, $0) } ?? .undefined) }
        let before = units(0, start)
        let text = joined(c, matched)
        guard full else {
            return c.object([("match", text), ("index", Value(Double(before))), ("groups", c.array(groups))])
        }
        return c.object([
            ("match", text), ("start", Value(Double(before))), ("end", Value(Double(before + units(start, end)))),
            ("groups", c.array(groups)), ("next", next(c)),
        ])
    }

    private func units(_ from: Int, _ to: Int) -> Int {
        if subject.has(Value.Flag.ascii) { return to - from }
        return RegexSubject.unitCount(UnsafeBufferPointer(start: subject.utf8 + from, count: to - from))
    }

    private func next(_ c: Context) -> Value {
        var box = FunctionBox(kind: .matchNext, object: matcher.function.pointee.object)
        box.first = matcher
        box.second = subject
        box.number = end
        return c.make(box)
    }

    /// Continues behind a match.
    init(_ c: Context, resuming box: UnsafeMutablePointer<FunctionBox>) {
        self.init(c, box.pointee.first, box.pointee.second)
        began = true
        end = box.pointee.number
    }

    init(_ c: Context, _ matcher: Value, _ text: Value, fromUnit unit: Int) {
        self.init(c, matcher, text)
        var left = unit
        while left > 0, end < subject.count {
            end += WTF8.length(subject.bytes[end])
            left -= 1
        }
        began = unit > 0
    }

    // MARK: Matchers that users write

    private static func member(_ object: Value, _ name: StaticString) -> Value {
        guard object.isObject else { return .undefined }
        return object.member(Value(string: name.utf8Start, count: name.utf8CodeUnitCount, flags: 0))
    }

    private mutating func advanceUser(_ c: Context) throws -> Bool {
        if began {
            let next = Self.member(result, "next")
            guard next.isFunction else { return false }
            result = try c.call(next, upTo: [.undefined])
        } else {
            result = try c.call(matcher, subject)
            began = true
        }
        guard try c.truth(result) else { return false }
        let matched = Self.member(result, "match"), start = Self.member(result, "start")
        guard
            start.isNumber || Self.member(result, "end").isNumber || Self.member(result, "groups").isArray
                || Self.member(result, "next").isFunction
        else {
            throw JSONataError("T1010", "the matcher function returns no match object", value: try c.friendly(result))
        }
        self.start = byteOffset(start.isNumber ? start.double : 0)
        end = min(self.start + (matched.isString ? matched.count : 0), subject.count)
        return true
    }

    private func byteOffset(_ unit: Double) -> Int {
        var left = Int(max(0, min(unit, Double(subject.count))))
        var at = 0
        while left > 0, at < subject.count {
            let length = WTF8.length(subject.bytes[at])
            left -= length == 4 ? 2 : 1
            at += length
        }
        return at
    }
}

extension Context {
    /// A regex called as a function.
    func callRegex(_ box: UnsafeMutablePointer<FunctionBox>, _ text: Value, _ from: Value) throws -> Value {
        let text = try scriptText(text)
        let function = Value(head: UInt64(Tag.function.rawValue), word: UInt64(UInt(bitPattern: box)))
        var matches = MatchSequence(
            self, function, text, fromUnit: from.isNumber ? Int(max(0, min(from.double, 1e9))) : 0
        )
        return try matches.advance(self) ? try matches.object(self, full: true) : .undefined
    }

    func callMatchNext(_ box: UnsafeMutablePointer<FunctionBox>) throws -> Value {
        var matches = MatchSequence(self, resuming: box)
        return try matches.advance(self) ? try matches.object(self, full: true) : .undefined
    }

    var regexScratch: RegexScratch { state.pointee.regexScratch }
}
