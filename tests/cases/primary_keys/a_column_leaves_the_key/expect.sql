SELECT item, supplier, cents FROM prices ORDER BY item;
