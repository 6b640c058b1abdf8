insert into suppliers (name, town, since, turnover, is_active, website, notes) values
  ('Hedge & Sons', 'Ashford', '2014-03-02', 18420.50, 1, 'https://example.org', '<h3>Hedges by the metre</h3><p>Delivers on <b>Tuesdays</b>; ask for <i>Ms Rowe</i>.</p><ul><li>Box</li><li>Yew</li><li>Hornbeam</li></ul>'),
  ('Moss House', 'Whitby', '2019-09-14', 6210.00, 1, 'https://example.com', '<h3>Moss and ferns</h3><p>Small orders by post.</p>'),
  ('Bulbs of Lisse', 'Lisse', '2011-01-20', 30115.75, 1, 'https://example.net', '<h3>Bulbs</h3><p>Order before <b>1 August</b>.</p>'),
  ('Stone & Gravel', 'Portland', '2020-05-05', 9800.00, 0, 'https://example.org', '<p>Closed for rebuilding.</p>'),
  ('Rosarium', 'Sangerhausen', '2016-06-11', 22040.20, 1, 'https://example.com', '<h3>Roses</h3><p>8,700 kinds, <b>bare-rooted</b> from October on.</p>'),
  ('Glass Houses', 'Kew', '2018-11-30', 15300.00, 1, 'https://example.net', '<p>Repairs on request.</p>');
