/// What seeded records are put together from.
enum SeedWords {
    struct Place: Sendable {
        var city, region, code, country, countryCode, currency: String
    }

    static let firstNames = [
        "Ada", "Amir", "Ana", "Ben", "Bianca", "Carla", "Chen", "Clara", "Dario", "Dina", "Elif", "Emil", "Esther", "Farid",
        "Fiona", "Gita", "Goran", "Hana", "Hugo", "Ida", "Ines", "Ivan", "Jana", "Jonas", "Kaito", "Karin", "Lea", "Leon",
        "Lina", "Mara", "Mateo", "Mina", "Nadia", "Niko", "Nora", "Omar", "Otto", "Paula", "Priya", "Rafael", "Rosa", "Sami",
        "Sofia", "Tariq", "Tess", "Uma", "Victor", "Wanda", "Yara", "Zoe",
    ]

    static let lastNames = [
        "Adler", "Almeida", "Baker", "Becker", "Costa", "Danielsen", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad",
        "Hansen", "Ito", "Jensen", "Kaya", "Keller", "Khan", "Kovacs", "Larsen", "Lopez", "Martin", "Meyer", "Moreau",
        "Nakamura", "Novak", "Okafor", "Olsen", "Park", "Patel", "Petrov", "Quinn", "Rahman", "Reyes", "Rossi", "Santos",
        "Sato", "Schmidt", "Silva", "Tanaka", "Torres", "Usman", "Vega", "Walker", "Weber", "Young", "Zhang",
    ]

    static let places = [
        Place(city: "Berlin", region: "BE", code: "10115", country: "Germany", countryCode: "DE", currency: "EUR"),
        Place(city: "Vienna", region: "W", code: "1010", country: "Austria", countryCode: "AT", currency: "EUR"),
        Place(city: "Lisbon", region: "LX", code: "1100-148", country: "Portugal", countryCode: "PT", currency: "EUR"),
        Place(city: "Stockholm", region: "AB", code: "111 29", country: "Sweden", countryCode: "SE", currency: "SEK"),
        Place(city: "London", region: "ENG", code: "EC1A 1BB", country: "United Kingdom", countryCode: "GB", currency: "GBP"),
        Place(city: "Austin", region: "TX", code: "73301", country: "United States", countryCode: "US", currency: "USD"),
        Place(city: "Toronto", region: "ON", code: "M5H 2N2", country: "Canada", countryCode: "CA", currency: "CAD"),
        Place(city: "Melbourne", region: "VIC", code: "3000", country: "Australia", countryCode: "AU", currency: "AUD"),
    ]

    static let titles = [
        "Software Engineer", "Product Manager", "Data Analyst", "Account Executive", "UX Designer", "Recruiter",
        "Site Reliability Engineer", "Customer Success Manager", "Financial Controller", "Nurse", "Warehouse Associate",
        "Marketing Manager", "Legal Counsel", "Machine Learning Engineer", "Office Manager", "Electrician", "QA Engineer",
        "Sales Development Representative", "Technical Writer", "Operations Lead",
    ]

    static let departments = [
        "Engineering", "Product", "Design", "Sales", "Marketing", "Finance", "People", "Operations", "Legal", "Support",
    ]

    static let companies = [
        "Northwind Works", "Blue Harbour", "Fern & Field", "Copperline", "Quiet River", "Lantern Labs", "Oakbridge",
        "Sundial Systems", "Paper Kite", "Granite Peak",
    ]

    static let streets = ["Main Street", "Station Road", "Park Avenue", "Mill Lane", "Harbour Street", "Church Road", "High Street"]

    static let schools = [
        "Riverside University", "Institute of Applied Sciences", "Northern Technical College", "Lakeside University",
        "College of Arts and Crafts", "Central Business School",
    ]

    static let plain = [
        "candidate", "role", "team", "clear", "review", "strong", "experience", "with", "customer", "project", "lead", "work",
        "design", "plan", "support", "good", "next", "call", "interview", "friendly", "remote", "process", "detail", "result",
        "careful", "quick", "learn", "build", "data", "service", "meeting", "week",
    ]
}
