import JSON

/// Makes what records are seeded with; the same arguments give the same result.
struct Seeds {
    private let start: UInt64

    init(vendor: String, collection: String) {
        // FNV-1a: `Hasher` differs from run to run.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(vendor)/\(collection)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        start = hash
    }

    private func random(_ n: Int, _ salt: UInt64 = 0) -> SplitMix {
        SplitMix(state: start &+ UInt64(bitPattern: Int64(n)) &* 0x9E37_79B9_7F4A_7C15 &+ salt &* 0xD134_2543_DE82_EF95)
    }

    func integer(_ n: Int, _ low: Int, _ high: Int) -> Int {
        guard high > low else { return low }
        var generator = random(n, UInt64(bitPattern: Int64(low)) ^ UInt64(bitPattern: Int64(high)) << 20)
        return Int.random(in: low...high, using: &generator)
    }

    func id(_ shape: IDShape, _ n: Int) -> String {
        var generator = random(n, 77)
        return Self.text(shape, &generator)
    }

    static func randomID(_ shape: IDShape, _ random: SandboxRandom) -> String {
        var generator = random
        return text(shape, &generator)
    }

    private static func text(_ shape: IDShape, _ generator: inout some RandomNumberGenerator) -> String {
        func pick(_ alphabet: String, _ count: Int) -> String {
            let letters = Array(alphabet.utf8)
            let picked = (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] }
            return String(decoding: picked, as: UTF8.self)
        }
        switch shape {
        case .uuid, .integer, .script:
            let hex = pick("0123456789abcdef", 31)
            let variant = pick("89ab", 1)
            let parts = [hex.prefix(8), hex.dropFirst(8).prefix(4), hex.dropFirst(12).prefix(3), hex.dropFirst(15).prefix(3)]
            return "\(parts[0])-\(parts[1])-4\(parts[2])-\(variant)\(parts[3])-\(hex.suffix(12))"
        case .digits(let count): return pick("123456789", 1) + pick("0123456789", max(0, count - 1))
        case .hex(let count): return pick("0123456789abcdef", count)
        case .alnum(let count): return pick("abcdefghijklmnopqrstuvwxyz0123456789", count)
        case .upper(let count): return pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", count)
        }
    }

    func words(_ n: Int, _ count: Int) -> String {
        var generator = random(n, 5)
        let words = (0..<count).map { _ in SeedWords.plain[Int.random(in: 0..<SeedWords.plain.count, using: &generator)] }
        let text = words.joined(separator: " ")
        return text.prefix(1).uppercased() + text.dropFirst() + "."
    }

    func person(_ n: Int) -> JSONValue {
        var generator = random(n, 1)
        func pick<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &generator)] }
        let first = SeedWords.firstNames[(n * 7 + Int(start % 31)) % SeedWords.firstNames.count]
        let last = pick(SeedWords.lastNames)
        let place = pick(SeedWords.places)
        let title = pick(SeedWords.titles)
        let company = pick(SeedWords.companies)
        let handle = "\(first).\(last)".lowercased() + "\(n)"
        let digits = String(format(Int.random(in: 0..<10_000_000, using: &generator), 7))
        return [
            "first_name": .string(first), "last_name": .string(last), "name": .string("\(first) \(last)"),
            "email": .string("\(handle)@sandbox.example"), "phone": .string("+1555\(digits)"),
            "street": .string("\(Int.random(in: 1...199, using: &generator)) \(pick(SeedWords.streets))"),
            "city": .string(place.city), "region": .string(place.region), "postal_code": .string(place.code),
            "country": .string(place.country), "country_code": .string(place.countryCode),
            "company": .string(company), "title": .string(title), "school": .string(pick(SeedWords.schools)),
            "linkedin": .string("https://www.linkedin.com/in/\(handle.replacing(".", with: "-"))"),
            "headline": .string("\(title) at \(company)"),
        ]
    }

    func job(_ n: Int) -> JSONValue {
        var generator = random(n, 2)
        func pick<T>(_ list: [T]) -> T { list[Int.random(in: 0..<list.count, using: &generator)] }
        let title = SeedWords.titles[(n - 1 + Int(start % 17)) % SeedWords.titles.count]
        let place = pick(SeedWords.places)
        let low = Int.random(in: 40...90, using: &generator) * 1000
        return [
            "title": .string(title), "department": .string(pick(SeedWords.departments)),
            "location": .string("\(place.city), \(place.country)"), "city": .string(place.city),
            "country": .string(place.country), "country_code": .string(place.countryCode),
            "employment_type": .string(pick(["full_time", "part_time", "contract", "internship"])),
            "description": .string("\(title): \(words(n, 14))"), "salary_min": .integer(low),
            "salary_max": .integer(low + 20_000), "currency": .string(place.currency), "code": .string("REQ-\(1000 + n)"),
        ]
    }

    static func stage(_ n: Int) -> JSONValue {
        let stages = [
            ("Applied", "applied"), ("Phone screen", "screen"), ("Interview", "interview"), ("On-site", "onsite"),
            ("Offer", "offer"), ("Hired", "hired"), ("Rejected", "rejected"),
        ]
        let stage = stages[((n - 1) % stages.count + stages.count) % stages.count]
        return ["name": .string(stage.0), "kind": .string(stage.1)]
    }

    private func format(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

/// The generator of Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators".
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
