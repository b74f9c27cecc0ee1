// SPDX-License-Identifier: GPL-2.0
/// Registers are read and written in hw.c, hw.h, queue.h and rings.h only.
// Confidence: High
virtual report

@mmio@
identifier f =~ "^(readl|readq|writel|writeq|ioread32|iowrite32|lo_hi_readq|lo_hi_writeq)$";
position p;
@@
f@p(...)

@script:python depends on report@
p << mmio.p;
@@
import re
if not re.search(r"src/(hw|queue|rings)\.[ch]$", p[0].file):
    coccilib.report.print_report(p[0], "register access outside hw, queue and rings")
