module psc

go 1.26
