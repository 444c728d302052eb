import JSON
import Testing

@testable import Accounts

@Suite struct SecretPathsTests {
    @Test(arguments: [
        (#"{"api_key":"s","region":"eu"}"#, #"{"region":"eu"}"#, #"{"api_key":"s"}"#),
        (
            #"{"oauth":{"token":{"access_token":"a","refresh_token":"r","expires_in":3600},"scope":"x"}}"#,
            #"{"oauth":{"token":{"expires_in":3600},"scope":"x"}}"#,
            #"{"oauth":{"token":{"access_token":"a","refresh_token":"r"}}}"#
        ),
        (#"{"token":{"a":1,"b":[2]},"oauth":"text"}"#, #"{"oauth":"text"}"#, #"{"token":{"a":1,"b":[2]}}"#),
        (#"{"password":null,"x":1}"#, #"{"x":1}"#, "{}"), ("{}", "{}", "{}"),
        (#"{"own":{"field":"s"},"other":{"field":"o"}}"#, #"{"own":{},"other":{"field":"o"}}"#, #"{"own":{"field":"s"}}"#),
    ]) func `credentials are taken out and put back`(document: String, open: String, secret: String) throws {
        let document = try #require(try JSONValue.parse(document).object)
        let split = SecretPaths.context.union(SecretPaths(["own.field"])).split(document)
        #expect(try JSONValue.object(split.open) == JSONValue.parse(open))
        #expect(try JSONValue.object(split.secret) == JSONValue.parse(secret))
    }

    @Test func `a star stands for every key`() throws {
        let override = try #require(
            try JSONValue.parse(
                #"""
                {"credentials":{"oauth2":{"config":{"client":{"id":"i","secret":"s"}}},"other":{"config":{}},"text":"x"},
                 "secret_environment_variables":{"A":"s"},"environment_variables":{"B":"open"}}
                """#
            ).object)
        let (open, secret) = SecretPaths.integrationOverride.split(override)
        #expect(!JSONValue.object(open).text().contains("\"s\""))
        #expect(JSONValue.object(open).text().contains("\"i\""))
        #expect(open.merging(deep: secret) == override)
    }

    @Test(arguments: [
        // The stored context is {"region":"eu","nested":{"a":1,"key":"s"},"oauth":{"scope":"x","token":{"access_token":"a"}},"api_key":"k"}
        (
            #"{"region":"us"}"#,
            #"{"region":"us","nested":{"a":1,"key":"s"},"oauth":{"scope":"x","token":{"access_token":"a"}},"api_key":"k"}"#
        ),
        (#"{"region":null,"api_key":null}"#, #"{"nested":{"a":1,"key":"s"},"oauth":{"scope":"x","token":{"access_token":"a"}}}"#),
        (
            #"{"nested":{"b":2}}"#,
            #"{"region":"eu","nested":{"b":2,"key":"s"},"oauth":{"scope":"x","token":{"access_token":"a"}},"api_key":"k"}"#
        ),
        (
            #"{"nested":{"key":"t"},"api_key":"l"}"#,
            #"{"region":"eu","nested":{"key":"t"},"oauth":{"scope":"x","token":{"access_token":"a"}},"api_key":"l"}"#
        ),
        (#"{"nested":[1]}"#, #"{"region":"eu","nested":[1],"oauth":{"scope":"x","token":{"access_token":"a"}},"api_key":"k"}"#),
        (
            #"{"oauth":{"token":{"access_token":"b"},"scope":null}}"#,
            #"{"region":"eu","nested":{"a":1,"key":"s"},"oauth":{"token":{"access_token":"b"}},"api_key":"k"}"#
        ),
    ]) func `a patch of the context merges one level deep, and oauth whole`(patch: String, result: String) throws {
        let context: JSONObject = [
            "region": "eu", "nested": ["a": 1, "key": "s"], "oauth": ["scope": "x", "token": ["access_token": "a"]],
            "api_key": "k",
        ]
        let secrets: JSONObject = ["nested": ["key": "s"], "oauth": ["token": ["access_token": "a"]], "api_key": "k"]
        let patch = try #require(try JSONValue.parse(patch).object)
        #expect(try .object(context.patchingContext(patch, secrets: secrets)) == JSONValue.parse(result))
    }

    @Test(arguments: [
        (#"{"api_key":"k"}"#, true), (#"{"api_key":null}"#, true), (#"{"oauth":{"token":{"access_token":1}}}"#, true),
        (#"{"oauth":null}"#, true), (#"{"oauth":{"scope":"x"}}"#, false), (#"{"colour":"green"}"#, false), ("{}", false),
    ]) func `a document touches a path by having a value at it, above it or below it`(text: String, touches: Bool) throws {
        let document = try #require(try JSONValue.parse(text).object)
        #expect(SecretPaths.context.touch(document) == touches)
    }
}
