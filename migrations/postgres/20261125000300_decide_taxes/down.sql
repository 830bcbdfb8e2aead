DROP TABLE order_taxes;
DROP TABLE marketplace_taxes;
DROP TABLE tax_rates;
DROP TABLE tax_registrations;
DROP TABLE tax_profiles;
