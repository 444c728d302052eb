extension DatePicture {
    /// Reads a moment written by the picture.
    ///
    /// What the text leaves out before its largest component is taken from `now`, what it leaves out after its
    /// smallest is as early as can be.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: milliseconds since 1970, NaN beyond the range of JavaScript's dates; nil if the text does not fit the
    ///   picture.
    /// - Throws: `D3136` where components between others are missing, and what `init` could not do for this picture.
    func parse(
        _ text: UnsafeBufferPointer<UInt8>, now: Int, _ scratch: RegexScratch
    ) throws(JSONataError) -> Double? {
        let matcher = try matcher.get()
        guard try matcher.firstMatch(in: text, from: 0, scratch) else { return nil }
        var found: [UInt8: Double] = [:]
        var any = false
        var group = 0
        for part in parts {
            guard case .marker(let marker) = part else { continue }
            group += 1
            guard let range = scratch.group(group) else { continue }
            let piece = String(decoding: UnsafeBufferPointer(rebasing: text[range]), as: UTF8.self)
            // An unknown name counts as left out.
            found[marker.component] = try Self.value(of: piece, marker)
            any = true
        }
        if !any { return nil }
        return try Self.millis(found, now: CivilDate(millis: now))
    }

    static func matcher(of parts: [Part]) throws(JSONataError) -> RegularExpression {
        var pattern = "^"
        for part in parts {
            switch part {
            case .literal(let text):
                for character in String(decoding: text, as: UTF8.self) {
                    pattern += character.isLetter || character.isNumber || character == "_" || !character.isASCII ? "" : "\\"
                    pattern.append(character)
                }
            case .marker(let marker): pattern += "(" + (try Self.pattern(of: marker)) + ")"
            }
        }
        var units = Array((pattern + "$").utf8)
        return try units.withUnsafeMutableBufferPointer { buffer throws(JSONataError) in
            try RegularExpression(UnsafeBufferPointer(buffer), flags: RegexFlags(ignoresCase: true))
        }
    }

    private static func pattern(of marker: Marker) throws(JSONataError) -> String {
        switch marker.component {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            let separator = marker.integer?.regular?.scalar
            let offset = "[-+][0-9]+" + (separator.map { "\\\(Character($0))[0-9]+" } ?? "")
            return (marker.component == UInt8(ascii: "z") ? "GMT" : "") + offset
        default:
            if let integer = marker.integer { return try integer.pattern(width: marker.parseWidth) }
            guard marker.component == UInt8(ascii: "P") || DateNames.names(of: marker.component) != nil else {
                throw JSONataError(
                    "D3133",
                    "The 'name' modifier can only be applied to months and days in the date/time picture string, not \(Character(Unicode.Scalar(marker.component)))"
                )
            }
            return "[a-zA-Z]+"
        }
    }

    /// A component's value; NaN for a number that is none, nil for a name that is none.
    private static func value(of text: String, _ marker: Marker) throws(JSONataError) -> Double? {
        if marker.component == UInt8(ascii: "Z") || marker.component == UInt8(ascii: "z") {
            return Double(zoneMinutes(text))
        }
        if let integer = marker.integer {
            if marker.component == UInt8(ascii: "f"), integer.style == .decimal, !integer.ordinal {
                // Milliseconds: the first three places of a fraction.
                return try integer.parse(String((text + "00").prefix(3)))
            }
            return try integer.parse(text)
        }
        if marker.component == UInt8(ascii: "P") { return ["am": 0, "AM": 0, "pm": 1, "PM": 1][text] }
        let names = DateNames.names(of: marker.component) ?? []
        let index = names.firstIndex { name in
            (marker.mostWidth.flatMap { $0 > 0 ? String(name.prefix($0)) : nil } ?? name) == text
        }
        return index.map { Double($0 + 1) }
    }

    private static func zoneMinutes(_ text: String) -> Int {
        let sign = text.contains("-") ? -1 : 1
        let groups = text.split { !$0.isNumber }
        guard let first = groups.first else { return 0 }
        if groups.count > 1 { return sign * ((Int(first) ?? 0) * 60 + (Int(groups[1]) ?? 0)) }
        let hours = first.count <= 2 ? first : first.prefix(2)
        return sign * ((Int(hours) ?? 0) * 60 + (Int(first.dropFirst(hours.count)) ?? 0))
    }
}
