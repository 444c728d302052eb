import JSON

extension JSONObject {
    /// This document with those of the secrets put back that it does not mention, where the object around them is
    /// still there.
    ///
    /// Readers never see secrets, so a document that was read, changed and sent back does not hold them; that must not
    /// delete them. One that is named, as `null` or otherwise, is what the caller says.
    func keeping(secrets: JSONObject) -> JSONObject {
        var result = self
        for (key, secret) in secrets {
            switch (result[key], secret) {
            case (nil, .object): continue
            case (nil, _): result[key] = secret
            case (.object(let mine)?, .object(let inner)): result[key] = .object(mine.keeping(secrets: inner))
            default: continue
            }
        }
        return result
    }

    /// A context after a patch: each member replaces the one before, `null` removes it, and `oauth` is merged deep.
    func patchingContext(_ patch: JSONObject, secrets: JSONObject) -> JSONObject {
        var result = self
        for (key, value) in patch {
            switch (result[key], value) {
            case (_, .null): result[key] = nil
            case (let mine, .object(let theirs)) where key == "oauth":
                result[key] = .object((mine?.object ?? [:]).merging(deep: theirs))
            case (.object?, .object(let theirs)):
                result[key] = .object(theirs.keeping(secrets: secrets[key]?.object ?? JSONObject()))
            default: result[key] = value
            }
        }
        return result
    }
}
