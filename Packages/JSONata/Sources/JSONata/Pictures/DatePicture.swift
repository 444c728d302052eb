/// A compiled picture of `$fromMillis` and `$toMillis` (XPath Functions 3.1 §9.8.4).
struct DatePicture: Sendable {
    enum Part: Sendable {
        case literal([UInt8])
        case marker(Marker)
    }

    /// One `[…]`.
    struct Marker: Sendable {
        enum Names: Sendable {
            case lower, upper, title
        }

        /// Which component, as in the specification: Y, M, D …
        var component: UInt8
        var names: Names?
        var integer: IntegerPicture?
        /// Zero offset as Z: the `t` modifier.
        var zulu = false
        var leastWidth: Int?
        var mostWidth: Int?
        /// How many digits of the year count; nil for all.
        var yearDigits: Int?
        /// How many digits to read, where the next marker follows at once.
        var parseWidth: Int?
    }

    private(set) var parts: [Part] = []
    /// What text of this picture looks like, one group for each part; nil with an error that parsing must raise.
    let matcher: Result<RegularExpression, JSONataError>

    /// - Throws: `D3131` to `D3135` for a picture that breaks a rule.
    init(_ picture: String) throws(JSONataError) {
        var scanner = DatePictureScanner(picture)
        parts = try scanner.parts()
        do throws(JSONataError) {
            matcher = .success(try Self.matcher(of: parts))
        } catch {
            matcher = .failure(error)
        }
    }

    /// What `$fromMillis` uses without a picture.
    static let standard: DatePicture = {
        // A constant picture that the tests compile: it cannot fail.
        try! DatePicture("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]")
    }()
}

/// Cuts a picture into literals and markers.
struct DatePictureScanner {
    private let scalars: [Unicode.Scalar]

    init(_ picture: String) { scalars = Array(picture.unicodeScalars) }

    mutating func parts() throws(JSONataError) -> [DatePicture.Part] {
        var parts: [DatePicture.Part] = []
        var literal: [Unicode.Scalar] = []
        func flush() {
            guard !literal.isEmpty else { return }
            parts.append(.literal(Array(String(String.UnicodeScalarView(literal)).utf8)))
            literal = []
        }
        var at = 0
        while at < scalars.count {
            let scalar = scalars[at]
            if scalar == "[" {
                if at + 1 < scalars.count, scalars[at + 1] == "[" {
                    literal.append("[")
                    at += 2
                    continue
                }
                guard let end = scalars[at...].firstIndex(of: "]") else {
                    throw JSONataError("D3135", "The picture string has an opening bracket without its closing one")
                }
                flush()
                let marker = try marker(scalars[(at + 1)..<end].filter { !$0.properties.isWhitespace })
                if marker.integer != nil, !Self.isZone(marker), case .marker(var previous) = parts.last,
                    let integer = previous.integer
                {
                    previous.parseWidth = integer.mandatoryDigits
                    parts[parts.count - 1] = .marker(previous)
                }
                parts.append(.marker(marker))
                at = end + 1
            } else {
                literal.append(scalar)
                // A doubled closing bracket stands for one.
                at += scalar == "]" && at + 1 < scalars.count && scalars[at + 1] == "]" ? 2 : 1
            }
        }
        flush()
        return parts
    }

    private static func isZone(_ marker: DatePicture.Marker) -> Bool {
        marker.component == UInt8(ascii: "Z") || marker.component == UInt8(ascii: "z")
    }

    private static let defaults: [Unicode.Scalar: String] = [
        "Y": "1", "M": "1", "D": "1", "d": "1", "F": "n", "W": "1", "w": "1", "X": "1", "x": "1", "H": "1", "h": "1",
        "P": "n", "m": "01", "s": "01", "f": "1", "Z": "01:01", "z": "01:01", "C": "n", "E": "n",
    ]

    private func marker(_ text: [Unicode.Scalar]) throws(JSONataError) -> DatePicture.Marker {
        guard let component = text.first, let standard = Self.defaults[component] else {
            let name = text.first.map { String(Character($0)) } ?? ""
            throw JSONataError("D3132", "Unknown component specifier '\(name)' in date/time picture string")
        }
        var marker = DatePicture.Marker(component: UInt8(ascii: component))
        var presentation = Array(text.dropFirst())
        if let comma = text.lastIndex(of: ",") {
            let widths = text[(comma + 1)...].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            marker.leastWidth = widths.first.flatMap(Self.width)
            marker.mostWidth = widths.count > 1 ? Self.width(widths[1]) : nil
            presentation = Array(text[1..<max(comma, 1)])
        }
        var second: Unicode.Scalar?
        if presentation.isEmpty {
            presentation = Array(standard.unicodeScalars)
        } else if presentation.count > 1, let last = presentation.last, "atco".unicodeScalars.contains(last) {
            second = last
            presentation.removeLast()
        }
        marker.zulu = second == "t"
        let first = String(String.UnicodeScalarView(presentation))
        if presentation[0] == "n" {
            marker.names = .lower
        } else if presentation[0] == "N" {
            marker.names = presentation.count > 1 && presentation[1] == "n" ? .title : .upper
        } else if "YMDdFWwXxHhmsf".unicodeScalars.contains(component) {
            var integer = try IntegerPicture(first + (second.map { ";\(Character($0))" } ?? ""))
            if integer.style == .decimal, let least = marker.leastWidth { integer.mandatoryDigits = max(integer.mandatoryDigits, least) }
            if component == "Y" {
                if let most = marker.mostWidth {
                    marker.yearDigits = most
                    integer.mandatoryDigits = most
                } else if integer.mandatoryDigits + integer.optionalDigits >= 2 {
                    marker.yearDigits = integer.mandatoryDigits + integer.optionalDigits
                }
            }
            marker.integer = integer
        }
        if component == "Z" || component == "z" { marker.integer = try IntegerPicture(first) }
        return marker
    }

    private static func width(_ text: ArraySlice<Unicode.Scalar>) -> Int? {
        Int(String(String.UnicodeScalarView(text))).map { min(max($0, 0), 400) }
    }
}
