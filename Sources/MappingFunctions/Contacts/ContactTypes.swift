/// Vendors' words for kinds of phones, e-mail addresses and web addresses, folded to those of the unified model.
///
/// The types are open: a word that no table holds passes through as it is.
enum ContactTypes {
    static func phone(_ word: String) -> String { fold(word, phones, endings: ["phonenumber", "telephone", "phone", "number"]) }

    static func email(_ word: String) -> String { fold(word, emails, endings: ["emailaddress", "email", "mail", "address"]) }

    /// The kind of a web address from a vendor's word, from the address, or from both.
    ///
    /// - Parameters:
    ///   - word: a vendor's word, or the address itself.
    ///   - address: read where the word says nothing of its own (`other`, `website`) or is missing.
    static func url(_ word: String?, address: String? = nil) -> String? {
        guard let word, !word.trimmingSpace.isEmpty else { return address.flatMap { host($0).map(site) } }
        if let host = host(word) { return site(host) }
        let folded = fold(word, urls, endings: ["profile", "url", "link", "page", "account", "site"])
        guard folded == "other" || folded == "website", let known = address.flatMap(host).map(site), known != "website"
        else { return folded }
        return known
    }

    private static let phones = table([
        "mobile": ["mobile", "mobil", "cell", "cellular", "cellphone", "handphone", "smartphone"],
        "work": ["work", "office", "business", "company", "direct", "job"],
        "home": ["home", "personal", "private", "house", "residence", "landline"],
        "fax": ["fax", "workfax", "homefax", "faxnumber"],
        "other": ["other", "others", "misc", "custom"],
    ])

    private static let emails = table([
        "personal": ["personal", "home", "private"],
        "work": ["work", "business", "office", "company", "corporate", "job"],
        "other": ["other", "others", "misc", "custom"],
    ])

    private static let urls = table([
        "linkedin": ["linkedin", "linkedinprofile"], "github": ["github"], "gitlab": ["gitlab"], "bitbucket": ["bitbucket"],
        "twitter": ["twitter", "x", "twitterx", "xtwitter"], "facebook": ["facebook", "fb"], "instagram": ["instagram"],
        "xing": ["xing"], "stackoverflow": ["stackoverflow"], "angellist": ["angellist", "angel", "wellfound"],
        "dribbble": ["dribbble", "dribble"], "behance": ["behance"], "medium": ["medium"], "youtube": ["youtube"],
        "kaggle": ["kaggle"], "quora": ["quora"], "pinterest": ["pinterest"], "skype": ["skype"],
        "portfolio": ["portfolio", "portfoliowebsite", "workportfolio"], "blog": ["blog", "weblog"],
        "website": ["website", "web", "homepage", "personalwebsite", "personalweb", "www"],
        "personal": ["personal"], "company": ["company", "companywebsite"],
        "other": ["other", "others", "otherwebsite", "misc", "custom"],
    ])

    /// The kind of a site by its host; its subdomains are of the same kind.
    private static let hosts = [
        "linkedin.com": "linkedin", "lnkd.in": "linkedin", "github.com": "github", "github.io": "github",
        "gitlab.com": "gitlab", "bitbucket.org": "bitbucket", "twitter.com": "twitter", "x.com": "twitter",
        "facebook.com": "facebook", "fb.com": "facebook", "instagram.com": "instagram", "xing.com": "xing",
        "stackoverflow.com": "stackoverflow", "angel.co": "angellist", "wellfound.com": "angellist",
        "dribbble.com": "dribbble", "behance.net": "behance", "medium.com": "medium", "youtube.com": "youtube",
        "youtu.be": "youtube", "kaggle.com": "kaggle", "quora.com": "quora", "pinterest.com": "pinterest",
    ]

    private static func site(_ host: String) -> String {
        var name = host[...]
        while true {
            if let known = hosts[String(name)] { return known }
            guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) else { return "website" }
            name = name[name.utf8.index(after: dot)...]
        }
    }

    /// The host of a text that is a web address, with a scheme or without: `linkedin.com/in/ada`.
    private static func host(_ text: String) -> String? {
        var text = text.trimmingSpace
        if text.isASCII { return text.withUTF8 { WebAddress.host(inASCII: $0) } }
        let isAbsolute = text.contains("://")
        guard isAbsolute || text.contains("."), !text.contains(where: \.isWhitespace) else { return nil }
        guard let host = WebAddress(isAbsolute ? text : "https://" + text)?.hostname, host.contains(".") else { return nil }
        return host
    }

    private static func fold(_ word: String, _ table: [String: String], endings: [String]) -> String {
        let bare = bare(word)
        if let known = table[bare] { return known }
        for ending in endings where bare.hasSuffix(ending) {
            if let known = table[String(bare.dropLast(ending.count))] { return known }
        }
        return word
    }

    /// The letters and digits of a word, in lower case.
    private static func bare(_ word: String) -> String {
        guard word.isASCII else { return word.lowercased().filter { $0.isLetter || $0.isNumber } }
        return String(unsafeUninitializedCapacity: word.utf8.count) { bare in
            var count = 0
            for byte in word.utf8 {
                let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                guard (0x61...0x7A).contains(lower) || (0x30...0x39).contains(lower) else { continue }
                bare[count] = lower
                count += 1
            }
            return count
        }
    }

    private static func table(_ words: [String: [String]]) -> [String: String] {
        var table: [String: String] = [:]
        for (type, words) in words { for word in words { table[word] = type } }
        return table
    }
}
