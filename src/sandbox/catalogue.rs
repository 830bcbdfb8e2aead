//! What the demonstration merchant sells: a small shop for coffee, kitchen and desk.
//!
//! References must never change once published: the demonstration and the tests of Comptoir rely on them.

/// The products of the simulated merchant: SKU, ASIN and title.
pub const CATALOGUE: &[(&str, &str, &str)] = &[
    ("CAF-MOKA-3T", "B07KQ3M1XA", "Cafetière moka en aluminium, 3 tasses"),
    ("CAF-MOKA-6T", "B07KQ3M2YB", "Cafetière moka en aluminium, 6 tasses"),
    ("CAF-GRIND-01", "B08R5T7W2C", "Moulin à café manuel, meules en céramique"),
    ("CAF-FILTER-100", "B09D3F8H4D", "Filtres à café non blanchis n° 4, lot de 100"),
    ("CAF-TAMP-58", "B07V9N2K6E", "Tasseur à espresso 58 mm, manche en noyer"),
    ("THE-BOX-12", "B08L6P4Q1F", "Coffret de thés bio, 12 parfums"),
    ("THE-POT-1L", "B07W2X5Z8G", "Théière en fonte 1 L avec filtre"),
    ("MUG-BLUE-35", "B09H7J3K9H", "Mug en grès bleu nuit, 35 cl"),
    ("MUG-SET-4", "B09H7J4L1J", "Lot de 4 mugs en grès assortis"),
    ("KIT-KNIFE-20", "B08C4D6F2K", "Couteau de chef 20 cm, acier inoxydable"),
    ("KIT-BOARD-OAK", "B08C4D7G3L", "Planche à découper en chêne massif"),
    ("KIT-SCALE-5K", "B07Y8Z1B4M", "Balance de cuisine numérique 5 kg"),
    ("KIT-APRON-LIN", "B09M5N6P7N", "Tablier de cuisine en lin lavé"),
    ("KIT-WHISK-01", "B07Q2R3S5P", "Fouet de cuisine en inox, 28 cm"),
    ("KIT-JAR-6", "B08T9V1W6Q", "Bocaux en verre avec couvercle en bambou, lot de 6"),
    ("DSK-LAMP-LED", "B09X3Y4Z7R", "Lampe de bureau LED, bras articulé"),
    ("DSK-MAT-XL", "B08F6G7H8S", "Sous-main en feutre, 80 × 40 cm"),
    ("DSK-PEN-3", "B07N1P2Q9T", "Stylos à encre gel, lot de 3"),
    ("DSK-NOTE-A5", "B09B8C9D1V", "Carnet A5 pointillé, 192 pages"),
    ("DSK-STAND-ALU", "B08J2K3L4W", "Support pour ordinateur portable en aluminium"),
    ("BAG-TOTE-COT", "B07S5T6V7X", "Sac cabas en coton épais"),
    ("BAG-LUNCH-ISO", "B09Q8R9S1Y", "Sac à déjeuner isotherme"),
    ("GFT-CANDLE-FIG", "B08V3W4X5Z", "Bougie parfumée figuier, 180 g"),
    ("GFT-BOX-CAFE", "B0BD7F8G9A", "Coffret cadeau café : moulin, moka et 250 g de grains"),
];

/// The French shop price of each product above, in euro cents, tax included.
const PRICES: &[i64] = &[
    2_490, 3_290, 4_990, 690, 3_450, 1_990, 4_490, 1_290, 3_990, 5_900, 4_250, 2_199, 3_490, 890, 2_790, 5_490, 2_490,
    749, 1_190, 3_899, 1_490, 2_290, 1_890, 8_990,
];

/// A SKU that the merchant's own catalogue does not contain: somebody created the listing by hand.
pub(crate) const UNKNOWN_SKU: (&str, &str, &str) = ("OLD-LISTING-2019", "B0ZZ9Y8X7W", "Ancienne annonce, déstockage");

/// The position of a SKU in the catalogue.
pub(crate) fn position(sku: &str) -> Option<usize> {
    CATALOGUE.iter().position(|(known, _, _)| *known == sku)
}

/// The French shop price of the product at this position, in euro cents.
pub(crate) fn euro_cents(position: usize) -> i64 {
    PRICES.get(position).copied().unwrap_or(1_990)
}
