// The mapping functions of Attaché that lists of candidates use, for jsonata-js; docs/mapping-functions.md has the rules.
// $isoTime has no zones, week dates or ordinal dates here.
const table = (words) => new Map(Object.entries(words).flatMap(([type, list]) => list.split(" ").map((word) => [word, type])));

const phones = table({
  mobile: "mobile mobil cell cellular cellphone handphone smartphone",
  work: "work office business company direct job",
  home: "home personal private house residence landline",
  fax: "fax workfax homefax faxnumber",
  other: "other others misc custom",
});
const emails = table({
  personal: "personal home private",
  work: "work business office company corporate job",
  other: "other others misc custom",
});
const urls = table({
  linkedin: "linkedin linkedinprofile", github: "github", gitlab: "gitlab", bitbucket: "bitbucket",
  twitter: "twitter x twitterx xtwitter", facebook: "facebook fb", instagram: "instagram", xing: "xing",
  stackoverflow: "stackoverflow", angellist: "angellist angel wellfound", dribbble: "dribbble dribble", behance: "behance",
  medium: "medium", youtube: "youtube", kaggle: "kaggle", quora: "quora", pinterest: "pinterest", skype: "skype",
  portfolio: "portfolio portfoliowebsite workportfolio", blog: "blog weblog",
  website: "website web homepage personalwebsite personalweb www", personal: "personal", company: "company companywebsite",
  other: "other others otherwebsite misc custom",
});
const sites = [...table({
  linkedin: "linkedin.com lnkd.in", github: "github.com github.io", gitlab: "gitlab.com", bitbucket: "bitbucket.org",
  twitter: "twitter.com x.com", facebook: "facebook.com fb.com", instagram: "instagram.com", xing: "xing.com",
  stackoverflow: "stackoverflow.com", angellist: "angel.co wellfound.com", dribbble: "dribbble.com", behance: "behance.net",
  medium: "medium.com", youtube: "youtube.com youtu.be", kaggle: "kaggle.com", quora: "quora.com", pinterest: "pinterest.com",
})];
const particles = new Set(("af al av bin bint da das de degli del della den der di do dos du el ibn la las le lo los mac san st " +
  "st. ten ter van vom von zu zum zur").split(" "));
const suffixes = new Set("jr sr ii iii iv phd md mba esq dds cpa".split(" "));

const text = (value) => (typeof value === "string" && value !== "" ? value : undefined);

function fold(word, words, endings) {
  const bare = word.toLowerCase().replace(/[^\p{Alphabetic}\p{N}]/gu, "");
  if (words.has(bare)) return words.get(bare);
  for (const ending of endings) {
    const start = bare.endsWith(ending) && bare.slice(0, -ending.length);
    if (words.has(start)) return words.get(start);
  }
  return word;
}

const folded = (words, endings) => (value) => text(value) && fold(value, words, endings);

function host(address) {
  address = address.trim();
  const absolute = address.includes("://");
  if ((!absolute && !address.includes(".")) || /\s/.test(address)) return undefined;
  try {
    const { hostname } = new URL(absolute ? address : "https://" + address);
    return hostname.includes(".") ? hostname : undefined;
  } catch {
    return undefined;
  }
}

const site = (name) => sites.find(([each]) => name === each || name.endsWith("." + each))?.[1] ?? "website";

function urlType(word, address) {
  const other = text(address) && host(address);
  if (!text(word)?.trim()) return other && site(other);
  const own = host(word);
  if (own) return site(own);
  const type = fold(word, urls, ["profile", "url", "link", "page", "account", "site"]);
  const better = other && (type === "other" || type === "website") ? site(other) : "website";
  return better === "website" ? type : better;
}

const isSuffix = (word) => suffixes.has(word.toLowerCase().replaceAll(".", ""));

function splitName(value) {
  if (!text(value)) return undefined;
  const comma = value.indexOf(",");
  const halves = (comma < 0 ? [value] : [value.slice(0, comma), value.slice(comma + 1)])
    .map((half) => half.split(/[\s,]+/).filter(Boolean));
  if (halves[0].length && halves[1]?.length && !halves[1].every(isSuffix)) {
    return { first_name: halves[1].join(" "), last_name: halves[0].join(" ") };
  }
  const words = halves.flat();
  if (!words.length) return undefined;
  let cut = words.length;
  while (cut > 1 && isSuffix(words[cut - 1])) cut--;
  cut = Math.max(cut - 1, 1);
  while (cut > 1 && particles.has(words[cut - 1].toLowerCase())) cut--;
  const name = { first_name: words.slice(0, cut).join(" ") };
  if (cut < words.length) name.last_name = words.slice(cut).join(" ");
  return name;
}

const epoch = (number) => Math.trunc(Math.abs(number) < 1e11 ? number * 1000 : number);

function millis(value) {
  value = value.trim();
  const wrapped = /^\/Date\((-?\d+).*\)\/$/.exec(value);
  if (wrapped) return Number(wrapped[1]);
  if (/^\d{9,}$/.test(value)) return epoch(Number(value));
  value = value.replace(/\s*(UTC|GMT)$/, "Z").replace(" ", "T").replaceAll(" ", "").replace(",", ".");
  const parts = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z|([+-]\d\d):?(\d\d)?)?)?$/i.exec(value);
  if (!parts) return NaN;
  const [, day, time = "00:00", hours = "+00", minutes = "00"] = parts;
  // Date takes 30 February for a day in March.
  const exists = new Date(`${day}T00:00Z`).getUTCDate() === Number(day.slice(8));
  return exists ? Date.parse(`${day}T${time}${hours}:${minutes}`) : NaN;
}

function isoTime(value, zone) {
  if (zone !== undefined) throw new Error("$isoTime has no zones here");
  if (value === null) return null;
  if (typeof value !== "number" && !text(value)) return undefined;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return value;
  const at = typeof value === "number" ? epoch(value) : millis(value);
  return at >= -62_167_219_200_000 && at < 253_402_300_800_000 ? new Date(at).toISOString() : undefined;
}

module.exports = {
  splitName, urlType, isoTime,
  phoneType: folded(phones, ["phonenumber", "telephone", "phone", "number"]),
  emailType: folded(emails, ["emailaddress", "email", "mail", "address"]),
  firstNonEmpty: (...values) => values.find((value) => value !== undefined && value !== null),
};
