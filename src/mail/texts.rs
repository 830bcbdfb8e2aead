//! What e-mails say, in the language of the person who gets them: plain text, without any data of a buyer.

use super::Mail;
use crate::db::shipments::ShipmentRow;
use crate::db::users::UserRow;
use crate::domain::picking::reference;
use crate::domain::refusal::{self, Cause};
use crate::i18n::{Arg, Lang};
use askama::Template;
use std::borrow::Cow;

/// The list of deliveries whose announcement Amazon refused.
const REFUSED_LIST: &str = "/inventory/pickings?amazon_sync=failed";

/// One refused delivery.
struct Item {
    title: String,
    why: Cow<'static, str>,
    link: String,
}

#[derive(Template)]
#[template(path = "mail/digest.txt")]
struct DigestText {
    intro: Cow<'static, str>,
    items: Vec<Item>,
    more: Option<Cow<'static, str>>,
    list: Cow<'static, str>,
    why_you: Cow<'static, str>,
}

fn lang(person: &UserRow) -> Lang {
    Lang::parse(&person.language).unwrap_or(Lang::En)
}

/// The e-mail that names deliveries which Amazon refused; `count` are all, of which some are named.
pub fn digest(
    person: &UserRow,
    company: &str,
    named: &[ShipmentRow],
    count: i64,
    site: &str,
) -> Result<Mail, askama::Error> {
    let lang = lang(person);
    let subject =
        lang.with("digest-subject", &[("company", Arg::Text(company.to_owned())), ("count", Arg::Number(count))]);
    let items = named.iter().map(|row| item(lang, row, site)).collect();
    let more = count - i64::try_from(named.len()).unwrap_or(count);
    let text = DigestText {
        intro: lang.t("digest-intro"),
        items,
        more: (more > 0).then(|| lang.with("digest-more", &[("count", more)])),
        list: lang.with("digest-list", &[("link", format!("{site}{REFUSED_LIST}"))]),
        why_you: lang.with("digest-why-you", &[("link", format!("{site}/me"))]),
    };
    Ok(Mail {
        to: person.email.clone(),
        name: person.name.clone(),
        subject: subject.into_owned(),
        text: text.render()?,
    })
}

fn item(lang: Lang, row: &ShipmentRow, site: &str) -> Item {
    let carrier = row.carrier_name.as_deref().unwrap_or(&row.carrier_code);
    let transfer = reference(row.picking_id);
    let order = row.amazon_order_id.as_str();
    let told = [("transfer", transfer.as_str()), ("order", order), ("carrier", carrier)];
    let cause =
        refusal::cause(row.refusal_code.as_deref().unwrap_or_default(), row.refusal.as_deref().unwrap_or_default());
    // Amazon's own words stay on the page: nobody knows what stands in them.
    let why = match cause {
        Cause::Other => lang.t("digest-why-other"),
        known => lang.t(&format!("announce-why-{}", known.as_str())),
    };
    Item {
        title: lang.with("digest-item", &told).into_owned(),
        why,
        link: format!("{site}/inventory/pickings/{}", row.picking_id),
    }
}

/// The e-mail that shows that e-mails arrive.
pub fn test(person: &UserRow, site: &str) -> Mail {
    let lang = lang(person);
    Mail {
        to: person.email.clone(),
        name: person.name.clone(),
        subject: lang.t("mail-test-subject").into_owned(),
        text: lang.with("mail-test-text", &[("link", format!("{site}/settings/announcing"))]).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Role;
    use crate::domain::ids::{CompanyId, UserId};

    fn person(language: &str) -> UserRow {
        UserRow {
            id: UserId(1),
            company_id: CompanyId(1),
            email: "karim@example.com".to_owned(),
            name: "Karim Roy".to_owned(),
            role: Role::WarehouseUser,
            may_force_sync: false,
            language: language.to_owned(),
            theme: "system".to_owned(),
            is_active: true,
            has_shortcuts: true,
            gets_digest: true,
        }
    }

    #[test]
    fn deliveries_that_are_not_named_are_counted() {
        let text = |count| digest(&person("en"), "Atelier", &[], count, "https://comptoir.example").unwrap().text;
        assert!(text(12).contains("\nAnd 12 more.\n"), "{}", text(12));
        assert!(!text(0).contains("more."), "{}", text(0));
    }

    #[test]
    fn the_test_says_where_it_was_asked_for() {
        let mail = test(&person("fr"), "https://comptoir.example");
        assert_eq!(mail.subject, "Comptoir\u{a0}: e-mail d’essai");
        assert!(mail.text.contains("https://comptoir.example/settings/announcing"), "{}", mail.text);
    }
}
