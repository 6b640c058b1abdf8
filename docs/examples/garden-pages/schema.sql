create table suppliers (
  id integer primary key,
  name text not null,
  town text,
  since date,
  turnover decimal(10, 2),
  is_active boolean not null default 1,
  website text,
  notes text
);
