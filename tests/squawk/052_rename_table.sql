ALTER TABLE "OrderArchive" RENAME TO order_archive;
ALTER TABLE order_archive RENAME COLUMN "orderId" TO order_id;
